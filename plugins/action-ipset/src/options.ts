import { z } from 'zod';

const setName = z
  .string()
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,30}$/,
    'wanted 1 to 31 of letters, digits and _ . : -, not with one of . : - in front',
  );

const shape = z.strictObject({
  set: setName.optional().describe('the set for IPv4. Without it, this action blocks no IPv4'),
  set6: setName.optional().describe('the set for IPv6. Without it, this action blocks no IPv6'),
  create: z
    .boolean()
    .default(false)
    .describe('make a set that is missing, as `hash:net` with timeouts'),
});

export const options = shape
  .refine(({ set, set6 }) => set !== undefined || set6 !== undefined, {
    path: ['set'],
    message: 'wanted `set`, `set6` or both',
  })
  .refine(({ set, set6 }) => set === undefined || set !== set6, {
    path: ['set6'],
    message: 'is the same as `set`: a set of ipset holds one family',
  });

export type Options = z.infer<typeof options>;
