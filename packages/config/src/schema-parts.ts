import { z } from 'zod';

// The message of a schema says what is wanted; `explain-issue.ts` makes a sentence of it.

export function wholeNumber(least: number, most: number) {
  const form = `a whole number from ${least} to ${most}`;
  return z.int(form).min(least, form).max(most, form);
}

export function text(form: string) {
  return z
    .string(form)
    .min(1, form)
    .regex(/^[^\0]*$/, form);
}

export function listOf<Item extends z.ZodType>(item: Item, form: string) {
  return z.array(item, form);
}

export const yesOrNo = z.boolean('true or false');

/** What the reference page says. Defaults are filled in by `resolve-settings.ts`. */
export function about(description: string, preset?: unknown) {
  return preset === undefined ? { description } : { description, preset };
}
