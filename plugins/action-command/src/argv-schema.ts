import { nearestName } from '@remand/api';
import { z } from 'zod';
import { namesIn, placeholders } from './template.ts';

/** A program by its absolute path, and its arguments, in which placeholders may stand. */
export const templateSchema = argvSchema(placeholders);

/** The same for a program that is told nothing by its arguments. */
export const plainArgvSchema = argvSchema([]);

function argvSchema(allowed: readonly string[]) {
  return z
    .array(z.string().regex(/^[^\0]*$/, 'contains a null character'))
    .min(1, 'wanted a program and its arguments')
    .superRefine((argv, context) => {
      for (const [index, argument] of argv.entries()) {
        const message = faultOf(argv, index, argument, allowed);
        if (message !== undefined) context.addIssue({ code: 'custom', path: [index], message });
      }
    });
}

function faultOf(
  argv: readonly string[],
  index: number,
  argument: string,
  allowed: readonly string[],
): string | undefined {
  const names = namesIn(argument);
  if (index === 0) {
    if (!argument.startsWith('/')) return `"${argument}" is no absolute path of a program`;
    return names.length > 0 ? 'the program itself cannot be a placeholder' : undefined;
  }
  const unknown = names.find((name) => !allowed.includes(name));
  if (unknown !== undefined) return unknownText(unknown, allowed);
  if (names.length > 0 && isScript(argv, index)) {
    return 'a value must not become a part of a script: write `"$1"` in the script, and the placeholder as an argument after it, as in [/bin/sh, -c, \'block "$1"\', block, "{address}"]';
  }
  return undefined;
}

function unknownText(name: string, allowed: readonly string[]): string {
  if (allowed.length === 0) return `{${name}} has no value here: the program is given no entry`;
  const near = nearestName(name, allowed);
  const known = allowed.map((one) => `{${one}}`).join(', ');
  return `{${name}} is not known: ${near === undefined ? `there are ${known}` : `did you mean {${near}}?`}`;
}

const interpreters =
  /(?:^|\/)(?:(?:ba|da|z|k|mk|a|c|tc|fi)?sh|busybox|python[0-9.]*|perl[0-9.]*|ruby[0-9.]*|node|lua[0-9.]*|php[0-9.]*|tclsh[0-9.]*)$/;

/** Whether an argument is the text of a script, as after `sh -c` or `perl -e`. */
function isScript(argv: readonly string[], index: number): boolean {
  const isAfterSwitch = /^-[A-Za-z]*[cCeEr]$/.test(argv[index - 1] ?? '');
  return isAfterSwitch && argv.slice(0, index - 1).some((word) => interpreters.test(word));
}
