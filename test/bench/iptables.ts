import { appendFileSync } from 'node:fs';
import { waitFor } from '../e2e/support/wait-for.ts';
import { line, withDaemon } from './firewall.ts';
import { attackerAddress } from './generate-log.ts';
import type { Row } from './row.ts';

const count = 10_000;
const text = Array.from({ length: count }, (_, n) => line(attackerAddress(n))).join('');

/** Ten thousand bans at once into iptables and out again, in a set and as rules. */
export async function iptablesRows(): Promise<Row[]> {
  return [...(await inAndOut('yes')), ...(await inAndOut('no'))];
}

async function inAndOut(ipset: 'yes' | 'no'): Promise<Row[]> {
  const actions = `[{ iptables-allports: { ipset: ${ipset} } }]`;
  const how = ipset === 'yes' ? 'iptables with ipset' : 'iptables without ipset';
  return withDaemon({ banTime: '1h', actions }, async (daemon, network) => {
    const held = () => {
      const argv =
        ipset === 'yes'
          ? ['ipset', 'save', 'remand-sshd-v4']
          : ['iptables', '-w', '5', '-S', 'remand-sshd'];
      return network.exec('firewall', ...argv).split(' 198.18.').length - 1;
    };
    const timed = async (wanted: number, begin: () => unknown) => {
      const before = performance.now();
      await begin();
      await waitFor(`${wanted} entries`, () => held() === wanted, 120_000);
      return performance.now() - before;
    };
    const into = await timed(count, () => appendFileSync(daemon.log, text));
    const out = await timed(0, () => daemon.cli('allow', '198.18.0.0/16'));
    return [
      row(`10 000 new bans at once → all in ${how}`, into),
      row(`the same removed at once from ${how}`, out),
    ];
  });
}

function row(what: string, ms: number): Row {
  return { what, measured: `${(ms / 1000).toFixed(2)} s`, value: ms, unit: 'ms' };
}
