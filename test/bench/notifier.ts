import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Daemon } from '../e2e/support/daemon.ts';
import { Mailbox } from '../e2e/support/mailbox.ts';
import type { Network } from '../e2e/support/network.ts';
import { waitFor } from '../e2e/support/wait-for.ts';
import { ElementWatch } from './element-watch.ts';
import { elements, line, withDaemon } from './firewall.ts';
import { attackerAddress } from './generate-log.ts';
import { median, type Row } from './row.ts';
import { rssMb } from './rss.ts';

const count = 10_000;

/** A burst of bans beside a notifier that hangs, against the same without a notifier. */
export async function notifierRows({ runs }: { readonly runs: number }): Promise<Row[]> {
  const without: number[] = [];
  const beside: number[] = [];
  const memory: number[] = [];
  let drainMs = Number.NaN;
  for (let run = 0; run < runs; run++) {
    without.push(await withDaemon({ banTime: '1h' }, burst));
    let mailbox: Mailbox | undefined;
    const more = ({ folder }: Daemon) => {
      mailbox = new Mailbox(folder);
      mailbox.mood('stalls');
      return `${mailbox.rc}\nnotify: { gather: 1s, digest: off }`;
    };
    await withDaemon({ banTime: '1h', more }, async (daemon, network) => {
      beside.push(await burst(daemon, network));
      memory.push(rssMb(daemon));
      if (run === runs - 1) drainMs = await drain(daemon, mailbox);
    });
  }
  const ratio = median(beside) / median(without);
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  return [
    {
      what: '10 000 new bans at once beside a notifier that hangs, against none',
      measured: `${ratio.toFixed(2)} × (${seconds(median(beside))} and ${seconds(median(without))}, medians of ${runs})`,
      value: ratio,
      unit: 'ratio',
      budget: '≤ 1.1 ×',
      kept: ratio <= 1.1,
    },
    {
      what: 'memory at the end of that burst, 10 000 notices waiting',
      measured: `${median(memory).toFixed(0)} MB RSS`,
      value: median(memory),
      unit: 'MB',
    },
    {
      what: 'until all are told once it answers again, a call of 30 s and a back-off included',
      measured: seconds(drainMs),
      value: drainMs,
      unit: 'ms',
    },
  ];
}

/** ms until all are in nftables. Before, one ban: its message is what hangs. */
export async function burst(daemon: Daemon, network: Network): Promise<number> {
  appendFileSync(daemon.log, line(attackerAddress(0)));
  await waitFor('the first ban', () => elements(network) === 1);
  await sleep(3_000);
  const text = Array.from({ length: count }, (_, n) => line(attackerAddress(n + 1))).join('');
  using watch = await ElementWatch.start(network);
  const last = watch.seen(attackerAddress(count), 60_000);
  const before = performance.now();
  appendFileSync(daemon.log, text);
  const ms = (await last) - before;
  const there = elements(network);
  if (!(there > count)) throw new Error(`${there} of ${count + 1} bans are in nftables`);
  return ms;
}

async function drain(daemon: Daemon, mailbox: Mailbox | undefined): Promise<number> {
  const queued = async () => (await daemon.status()).notifiers[0]?.queued;
  const waiting = await queued();
  if (waiting !== count) throw new Error(`${waiting} of ${count} notices wait`);
  mailbox?.mood('works');
  const before = performance.now();
  await waitFor('the outbox to drain', async () => (await queued()) === 0, 120_000);
  const ms = performance.now() - before;
  const told = mailbox?.notices.filter(({ kind }) => kind === 'ban').length ?? 0;
  const counts = mailbox?.notices.flatMap(({ digest }) => digest?.counts ?? []) ?? [];
  const all = counts.reduce((total, row) => total + row.count, told);
  // The oldest is given up when there is no room for one more.
  if (all < count) throw new Error(`${all} of ${count} bans were told`);
  return ms;
}
