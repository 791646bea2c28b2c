/** What options say of ports: numbers, and ranges such as `6000-6010`. */
export interface PortChoice {
  readonly ports?: readonly (number | string)[] | undefined;
  /** Which protocol `ports` means. Default `tcp`. */
  readonly protocol?: 'tcp' | 'udp' | 'both' | undefined;
}

/** The part of a coverage that a choice of ports makes; nothing without one. */
export function portCoverage({
  ports,
  protocol = 'tcp',
}: PortChoice): Pick<Coverage, 'ports' | 'protocols'> {
  if (!ports) return {};
  return {
    ports: ports.map((port) => {
      const [from = 0, to = from] = String(port).split('-').map(Number);
      return { from, to };
    }),
    protocols: protocol === 'both' ? ['tcp', 'udp'] : [protocol],
  };
}

/**
 * Which packets a list stops, as its options say. From it the kernel works out why a banned
 * address is still seen.
 */
export interface Coverage {
  /** The hook or chain, in the firewall's own words: `prerouting`, `INPUT`. */
  readonly hook: string;
  /** Whether it stops packets to services of this machine. */
  readonly local: boolean;
  /** Whether it stops packets that go through this machine to containers or other hosts. */
  readonly forwarded: boolean;
  /** Whether it stops packets of connections that were open before the ban. */
  readonly established: boolean;
  /** The only ports that it looks at; absent: all. */
  readonly ports?: readonly { readonly from: number; readonly to: number }[];
  /** The only protocols that it looks at; absent: all. */
  readonly protocols?: readonly ('tcp' | 'udp')[];
}
