import { z } from 'zod';

/** What the multiport match of iptables takes; a range counts as two. */
const mostPorts = 15;

const port = z
  .union([
    z.int().min(1).max(65_535),
    z
      .string()
      .regex(/^[1-9][0-9]{0,4}-[1-9][0-9]{0,4}$/, 'wanted a port, or a range such as "6000-6010"'),
  ])
  .refine(isRange, 'wanted ports from 1 to 65535, the lower one first');

const shape = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9-]{1,20}$/, 'wanted 1 to 20 of a-z, 0-9 and -')
    .optional()
    .describe('the list; holders with the same name share it. Without it, one list a holder'),
  target: z
    .enum(['DROP', 'REJECT'])
    .default('DROP')
    .describe('`DROP` says nothing to the sender, `REJECT` answers'),
  ports: z
    .array(port)
    .min(1)
    .refine(fitsMultiport, `wanted at most ${mostPorts} ports; a range counts as two`)
    .optional()
    .describe('only these ports, as the host or container behind a DNAT sees them; all without it'),
  protocol: z
    .enum(['tcp', 'udp', 'both'])
    .optional()
    .describe('which protocol `ports` means, `tcp` without it; only together with `ports`'),
  ipset: z
    .enum(['auto', 'yes', 'no'])
    .default('auto')
    .describe('keep the addresses in sets; `auto`: where ipset works'),
  variant: z
    .enum(['auto', 'nft', 'legacy'])
    .default('auto')
    .describe('which iptables to run: `iptables`, `iptables-nft` or `iptables-legacy`'),
});

export const options = shape.refine(
  ({ ports, protocol }) => ports !== undefined || protocol === undefined,
  {
    path: ['protocol'],
    message: 'says which `ports` are meant, and there are none: add `ports` or leave it out',
  },
);

/** The same for an action that is nothing without ports. */
export const multiportOptions = shape.extend({
  ports: shape.shape.ports
    .unwrap()
    .describe('which ports to block, as the host or container behind a DNAT sees them; at most 15'),
  protocol: z.enum(['tcp', 'udp', 'both']).default('tcp').describe('which protocol `ports` means'),
});

export type Options = z.infer<typeof options>;

function isRange(value: number | string): boolean {
  const [low = 0, high = low] = String(value).split('-').map(Number);
  return low <= high && high <= 65_535;
}

function fitsMultiport(ports: readonly (number | string)[]): boolean {
  return (
    ports.reduce<number>((sum, one) => sum + (typeof one === 'string' ? 2 : 1), 0) <= mostPorts
  );
}
