import { type Change, targetParts } from '@remand/api';

/** What stands in the place of each placeholder. None of them can begin with `-`. */
const values: Readonly<Record<string, (change: Change) => string>> = {
  address: ({ target }) => target,
  base: ({ target }) => targetParts(target).base,
  family: ({ target }) => String(targetParts(target).family),
  prefix: ({ target }) => String(targetParts(target).prefix),
  seconds: (change) => String(secondsOf(change)),
};

export const placeholders: readonly string[] = Object.keys(values);

const placeholder = /\{([A-Za-z]+)\}/g;

/** The names in braces of an argument, known or not. */
export function namesIn(argument: string): readonly string[] {
  return Array.from(argument.matchAll(placeholder), ([, name = '']) => name);
}

/** Puts the values of a change into an argv; each argument stays one argument. */
export function filled(template: readonly string[], change: Change): readonly string[] {
  return template.map((argument) =>
    argument.replace(placeholder, (whole, name: string) => values[name]?.(change) ?? whole),
  );
}

/** Whole seconds, rounded up: a block ends late, never early. 0 is without an end. */
export function secondsOf({ timeoutMs }: Change): number {
  return timeoutMs === null ? 0 : Math.max(1, Math.ceil(timeoutMs / 1000));
}
