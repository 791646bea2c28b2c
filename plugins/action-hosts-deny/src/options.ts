import { z } from 'zod';

/** EXCEPT is a word of libwrap's own language. */
const daemon = z
  .string()
  .regex(/^(?!EXCEPT$)[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'wanted the name of a program, or ALL');

export const options = z.strictObject({
  path: z
    .string()
    .regex(
      /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]{1,255})+$/,
      'wanted an absolute path without ..',
    )
    .max(1_000)
    .default('/etc/hosts.deny')
    .describe('the file; holders with the same path share one list'),
  daemons: z
    .array(daemon)
    .min(1)
    // libwrap reads no line of 2048 bytes.
    .max(20)
    .default(['ALL'])
    .describe('the programs that turn the addresses away, as libwrap knows them'),
});

export type Options = z.infer<typeof options>;
