import type { Coverage } from '@remand/api';
import type { Options } from './options.ts';

/** Which packets a list with these options stops. */
export function coverageOf({ ports, protocol = 'tcp' }: Options): Coverage {
  return {
    hook: 'INPUT and FORWARD',
    local: true,
    forwarded: true,
    // In first place, ahead of any rule that accepts what is established.
    established: true,
    ...(ports && {
      ports: ports.map((port) => {
        const [from = 0, to = from] = String(port).split('-').map(Number);
        return { from, to };
      }),
      protocols: protocol === 'both' ? ['tcp', 'udp'] : [protocol],
    }),
  };
}
