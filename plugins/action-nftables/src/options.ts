import { z } from 'zod';

const port = z
  .union([
    z.int().min(1).max(65_535),
    z
      .string()
      .regex(/^[1-9][0-9]{0,4}-[1-9][0-9]{0,4}$/, 'wanted a port, or a range such as "6000-6010"'),
  ])
  .refine(isRange, 'wanted ports from 1 to 65535, the lower one first');

const shape = z.strictObject({
  block: z
    .enum(['drop', 'reject'])
    .default('drop')
    .describe('`drop` says nothing to the sender, `reject` answers'),
  ports: z
    .array(port)
    .min(1)
    .optional()
    .describe(
      'only these ports, at prerouting as the sender sees them (published ones); all without it',
    ),
  hook: z
    .enum(['prerouting', 'input', 'forward'])
    .default('prerouting')
    .describe(
      'where packets are looked at: all of them, only those to this machine, only those through it',
    ),
  protocol: z
    .enum(['tcp', 'udp', 'both'])
    .optional()
    .describe('which protocol `ports` means, `tcp` without it; only together with `ports`'),
  name: z
    .string()
    .regex(/^[a-z0-9-]{1,20}$/, 'wanted 1 to 20 of a-z, 0-9 and -')
    .optional()
    .describe('the list; holders with the same name share it. Without it, one list a holder'),
});

export const options = shape.refine(
  ({ ports, protocol }) => ports !== undefined || protocol === undefined,
  {
    path: ['protocol'],
    message: 'says which `ports` are meant, and there are none: add `ports` or leave it out',
  },
);

export type Options = z.infer<typeof options>;

function isRange(value: number | string): boolean {
  const [low = 0, high = low] = String(value).split('-').map(Number);
  return low <= high && high <= 65_535;
}
