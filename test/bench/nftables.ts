import { elements, withDaemon } from './firewall.ts';
import { inAndOut } from './in-and-out.ts';
import type { Row } from './row.ts';

/** A thousand bans at once into nftables and out again. */
export async function nftablesRows(): Promise<Row[]> {
  return withDaemon({ banTime: '1h' }, (daemon, network) =>
    inAndOut({ daemon, count: 1_000, where: 'nftables', held: () => elements(network) }),
  );
}
