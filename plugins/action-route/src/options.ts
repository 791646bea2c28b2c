import { z } from 'zod';

export const options = z.strictObject({
  type: z
    .enum(['blackhole', 'unreachable'])
    .default('blackhole')
    .describe('`blackhole` says nothing, `unreachable` tells who wants to send there'),
  table: z
    .int()
    // Below are the tables of the kernel and those that people number by hand.
    .min(256)
    .max(2_147_483_647)
    .default(7_263)
    .describe('the routing table of the bans, used by nobody else; holders with the same share it'),
});

export type Options = z.infer<typeof options>;
