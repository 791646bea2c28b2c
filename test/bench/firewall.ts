import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Daemon } from '../e2e/support/daemon.ts';
import { Network } from '../e2e/support/network.ts';
import { waitFor } from '../e2e/support/wait-for.ts';
import { ElementWatch } from './element-watch.ts';
import { attackerAddress, bsdTime } from './generate-log.ts';
import { percentile, type Row } from './row.ts';

export const line = (address: string) =>
  `${bsdTime(Date.now())} web1 sshd[9]: Failed password for root from ${address} port 4000 ssh2\n`;

/** Rows 3 and 4: one ban's way into the nftables set, and ten thousand at once. */
export async function firewallRows(): Promise<Row[]> {
  return withDaemon({ banTime: '1h' }, async (daemon, network) => [
    ...(await latency(daemon, network)),
    await burst(daemon, network),
    rawNft(network),
  ]);
}

export async function withDaemon<T>(
  given: {
    readonly banTime: string;
    readonly actions?: string;
    /** More keys of the rc file. */
    readonly more?: (daemon: Daemon) => string;
    /** Called before the daemon starts. */
    readonly prepare?: (network: Network) => void;
  },
  work: (daemon: Daemon, network: Network) => Promise<T>,
): Promise<T> {
  const { banTime, actions = '[nftables]' } = given;
  const network = new Network();
  const daemon = new Daemon(network.argv('firewall'));
  try {
    daemon.configure(
      `  sshd: { filter: sshd, sources: [LOG], actions: ${actions}, maxRetry: 1, banTime: ${banTime} }`,
      `fuse: { bans: 100000000, within: 1m }\n${given.more?.(daemon) ?? ''}`,
    );
    given.prepare?.(network);
    await daemon.start();
    return await work(daemon, network);
  } finally {
    await daemon.remove();
    network.remove();
  }
}

async function latency(daemon: Daemon, network: Network): Promise<Row[]> {
  using watch = await ElementWatch.start(network);
  const times: number[] = [];
  for (let n = 0; n < 300; n++) {
    const address = attackerAddress(n);
    const seen = watch.seen(address, 5_000);
    const before = performance.now();
    appendFileSync(daemon.log, line(address));
    times.push((await seen) - before);
    await sleep(20);
  }
  const [p50, p99] = [percentile(times, 50), percentile(times, 99)];
  return [
    {
      what: 'last offending line written → address in the nftables set (300 bans)',
      measured: `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
      value: p50,
      unit: 'ms',
      budget: 'p50 ≤ 10 ms, p99 ≤ 25 ms; stretch 4 / 10',
      kept: p50 <= 10 && p99 <= 25,
    },
  ];
}

async function burst(daemon: Daemon, network: Network): Promise<Row> {
  const count = 10_000;
  const text = Array.from({ length: count }, (_, n) => line(attackerAddress(1_000 + n))).join('');
  const there = () => elements(network) >= count + 300;
  const before = performance.now();
  appendFileSync(daemon.log, text);
  await waitFor('10 000 elements', there, 60_000);
  const ms = performance.now() - before;
  return {
    what: '10 000 new bans at once → all in nftables',
    measured: `${(ms / 1000).toFixed(2)} s`,
    value: ms,
    unit: 'ms',
    budget: '≤ 1 s',
    kept: ms <= 1_000,
  };
}

export function elements(network: Network): number {
  const text = network.exec('firewall', 'nft', 'list', 'table', 'inet', 'remand');
  return text.split(' expires ').length - 1;
}

/** The floor: one `nft -f` of 10 000 elements into a set of its own. */
function rawNft(network: Network): Row {
  const list = Array.from({ length: 10_000 }, (_, n) => `${attackerAddress(n)} timeout 1h`);
  const script = `table inet raw { set s { type ipv4_addr; flags timeout; }; }
add element inet raw s { ${list.join(', ')} }`;
  const [program = '', ...args] = network.argv('firewall', 'nft', '-f', '-');
  const before = performance.now();
  execFileSync(program, args, { input: script, stdio: ['pipe', 'ignore', 'ignore'] });
  const ms = performance.now() - before;
  return {
    what: 'one raw `nft -f` of 10 000 elements',
    measured: `${(ms / 1000).toFixed(3)} s`,
    value: ms,
    unit: 'ms',
  };
}
