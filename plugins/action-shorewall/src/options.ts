import { z } from 'zod';

const setName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,30}$/, 'wanted the name of a set, such as "SW_DBL4"');

export const options = z.strictObject({
  block: z
    .enum(['drop', 'reject', 'logdrop'])
    .default('drop')
    .describe('what is done with packets; a set of ipset can only `drop`'),
  how: z
    .enum(['auto', 'chain', 'ipset', 'program'])
    .default('auto')
    .describe(
      'where the addresses go: the chain `dynamic`, shorewall’s set, or wherever the program shorewall puts them; `auto`: the set for `drop` where shorewall uses one, else the chain',
    ),
  families: z
    .array(z.literal([4, 6]))
    .min(1)
    .default([4, 6])
    .describe('`4` is shorewall, `6` is shorewall6'),
  set: setName.default('SW_DBL4').describe('the set of IPv4 in `DYNAMIC_BLACKLIST=ipset`'),
  set6: setName.default('SW_DBL6').describe('the set of IPv6'),
});

export type Options = z.infer<typeof options>;
