import { withDaemon } from './firewall.ts';
import { inAndOut } from './in-and-out.ts';
import type { Row } from './row.ts';

/** A thousand bans at once into a routing table and out again. */
export async function routeRows(): Promise<Row[]> {
  return withDaemon({ banTime: '1h', actions: '[route]' }, (daemon, network) => {
    const held = () => {
      const shown = network.exec('firewall', 'ip', '-4', 'route', 'show', 'table', 'all');
      return shown.split('blackhole 198.18.').length - 1;
    };
    return inAndOut({ daemon, count: 1_000, where: 'a routing table', held });
  });
}
