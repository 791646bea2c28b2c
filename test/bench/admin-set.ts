import type { Network } from '../e2e/support/network.ts';
import { withDaemon } from './firewall.ts';
import { inAndOut } from './in-and-out.ts';
import type { Row } from './row.ts';

/** Hands all of a plain batch to one ipset. */
const batchScript = `
while read -r op address seconds; do
  case $op in
    add) echo "add blocked $address timeout $seconds" ;;
    remove) echo "del blocked $address" ;;
  esac
done | ipset -exist restore`;

const ipset = ['/usr/bin/env', 'ipset', '-exist'];
const command = { name: 'edge', countsTo: '7d' };

const ways = {
  "an administrator's set by ipset": { ipset: { set: 'blocked' } },
  'the same set by command, in batches': {
    command: { ...command, batch: ['/bin/sh', '-c', batchScript], format: 'plain' },
  },
  'the same set by command, one by one': {
    command: {
      ...command,
      add: [...ipset, 'add', 'blocked', '{address}', 'timeout', '{seconds}'],
      remove: [...ipset, 'del', 'blocked', '{address}'],
    },
  },
};

/** A thousand bans into an administrator's set and out again, by the actions that share one. */
export async function adminSetRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [where, use] of Object.entries(ways)) {
    const given = { banTime: '1h', actions: JSON.stringify([use]), prepare };
    const found = await withDaemon(given, (daemon, network) => {
      const held = () =>
        network.exec('firewall', 'ipset', 'save', 'blocked').split(' 198.18.').length - 1;
      return inAndOut({ daemon, count: 1_000, where, held });
    });
    rows.push(...found);
  }
  return rows;
}

function prepare(network: Network): void {
  network.exec('firewall', 'ipset', 'create', 'blocked', 'hash:net', 'timeout', '0');
}
