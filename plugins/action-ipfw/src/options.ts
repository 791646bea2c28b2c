import { z } from 'zod';

export const options = z.strictObject({
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
});

export type Options = z.infer<typeof options>;
