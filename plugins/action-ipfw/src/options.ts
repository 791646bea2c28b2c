import { z } from 'zod';

const shape = z.strictObject({
  rule: z
    .int()
    .min(1)
    .max(65_534)
    .describe(
      'the number of the rule that denies. It must be free, and lower than those of the rules that let packets in',
    ),
  name: z
    .string()
    .regex(/^[a-z0-9-]{1,20}$/, 'wanted 1 to 20 of a-z, 0-9 and -')
    .optional()
    .describe('a list of its own, with a `rule` of its own. Without it, one list for all holders'),
  table: z
    .int()
    .min(0)
    .max(65_534)
    .optional()
    .describe(
      'a table by its number, for FreeBSD 10 and older, where tables have no names. It must be free',
    ),
  lastRule: z
    .int()
    .min(1)
    .max(65_534)
    .optional()
    .describe(
      'for an ipfw without tables: a rule for each address, with numbers from `rule` to this one',
    ),
});

export const options = shape
  .refine(({ rule, lastRule }) => lastRule === undefined || lastRule >= rule, {
    path: ['lastRule'],
    message: 'is less than `rule`, the first of the numbers',
  })
  .refine(({ table, lastRule }) => table === undefined || lastRule === undefined, {
    path: ['lastRule'],
    message: 'is for an ipfw without tables: leave it or `table` out',
  });

export type Options = z.infer<typeof options>;
