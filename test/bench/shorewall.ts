import { appendFileSync } from 'node:fs';
import { Daemon } from '../e2e/support/daemon.ts';
import { Network } from '../e2e/support/network.ts';
import { waitFor } from '../e2e/support/wait-for.ts';
import { Shorewall } from '../support/shorewall.ts';
import { line } from './firewall.ts';
import { attackerAddress } from './generate-log.ts';
import type { Row } from './row.ts';

const count = 1_000;
const addresses = Array.from({ length: count }, (_, n) => attackerAddress(n));

/** A thousand bans at once into shorewall and out again: by remand, and by shorewall's own program. */
export async function shorewallRows(): Promise<Row[]> {
  return [...(await inAndOut('Yes')), ...(await inAndOut('ipset-only'))];
}

async function inAndOut(blacklist: 'Yes' | 'ipset-only'): Promise<Row[]> {
  const how = blacklist === 'Yes' ? 'the chain of shorewall' : 'the set of shorewall';
  const network = new Network();
  const shorewall = await Shorewall.in({
    namespace: network.name('firewall'),
    interfaces: ['to-attacker', 'to-neighbour', 'to-server'],
    blacklist,
  });
  const daemon = new Daemon(shorewall.prefix);
  const show =
    blacklist === 'Yes' ? ['iptables', '-w', '5', '-S', 'dynamic'] : ['ipset', 'save', 'SW_DBL4'];
  const timed = async (wanted: number, begin: () => unknown) => {
    const before = performance.now();
    await begin();
    await waitFor(
      `${wanted} entries`,
      () => shorewall.run(...show).split(' 198.18.').length - 1 === wanted,
      120_000,
    );
    return performance.now() - before;
  };
  try {
    shorewall.start();
    daemon.configure(
      '  sshd: { filter: sshd, sources: [LOG], actions: [shorewall], maxRetry: 1, banTime: 1h }',
      'fuse: { bans: 100000000, within: 1m }',
    );
    await daemon.start();
    const text = addresses.map((address) => line(address)).join('');
    const rows = [
      row(
        `1 000 new bans at once → all in ${how}`,
        await timed(count, () => appendFileSync(daemon.log, text)),
      ),
      row(
        `the same removed at once from ${how}`,
        await timed(0, () => daemon.cli('allow', '198.18.0.0/16')),
      ),
    ];
    if (blacklist === 'Yes') {
      const into = await timed(count, () => shorewall.run('shorewall', 'drop', ...addresses));
      const out = await timed(0, () => shorewall.run('shorewall', 'allow', ...addresses));
      rows.push(
        row('the same in by one `shorewall drop`', into),
        row('and out by one `shorewall allow`', out),
      );
    }
    return rows;
  } finally {
    await daemon.remove();
    await shorewall.remove();
    network.remove();
  }
}

function row(what: string, ms: number): Row {
  return { what, measured: `${(ms / 1000).toFixed(2)} s`, value: ms, unit: 'ms' };
}
