import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type Ask, readChoices, usage } from './choices.ts';
import { findCheckout } from './find-checkout.ts';
import { linkCheckout } from './link-checkout.ts';
import { UsageError } from './usage-error.ts';
import { writePlugin } from './write-plugin.ts';

/** Runs `create-remand-plugin` with the arguments behind its name. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const lines =
    stdin.isTTY && stderr.isTTY ? createInterface({ input: stdin, output: stderr }) : undefined;
  const ask: Ask = lines && ((question) => lines.question(question));
  try {
    const choices = await readChoices(argv, ask);
    if (choices.help) {
      stdout.write(`${usage}\n`);
      return 0;
    }
    const checkout = findCheckout(choices.local);
    const folder = resolve(choices.folder);
    const given = { version: ownVersion(), year: new Date().getFullYear() };
    const files = await writePlugin({ ...choices, folder }, given);
    if (checkout !== undefined) await linkCheckout(folder, checkout);
    const near = relative(process.cwd(), folder) || '.';
    const shown = near.startsWith('..') ? folder : near;
    stdout.write(
      [
        `${shown}: the ${choices.kind} ${choices.name}, ${files.length} files`,
        '',
        `  cd ${shown}`,
        ...(checkout === undefined ? ['  npm install'] : []),
        '  npm test',
        '',
        `then name it in an rc file: plugins: [${JSON.stringify(folder)}]`,
        '',
      ].join('\n'),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`create-remand-plugin: ${error.message}\n${usage}\n`);
    return 2;
  } finally {
    lines?.close();
  }
}

function ownVersion(): string {
  const manifest = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
