import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Notice, WhyReport } from '@remand/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ControlClient } from '../../packages/cli/src/client/control-client.ts';
import { Daemon } from './support/daemon.ts';
import { Mailbox } from './support/mailbox.ts';
import { RepeatAttacker } from './support/repeat-attacker.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { waitFor } from './support/wait-for.ts';

const jail =
  '  sshd: { filter: sshd, sources: [LOG], actions: [observe], maxRetry: 3, banTime: 2s }';

describe('what people are told', () => {
  let daemon: Daemon;
  let mailbox: Mailbox;
  let attacker: RepeatAttacker;

  beforeEach(() => {
    daemon = new Daemon();
    mailbox = new Mailbox(daemon.folder);
    attacker = new RepeatAttacker(daemon, '198.51.100.7');
  });

  afterEach(() => daemon.remove());

  function configure(notify: string, rungBanTime: string): void {
    const rung = `{ name: repeat-offender, after: 3, within: 1h, banTime: ${rungBanTime} }`;
    daemon.configure(jail, `${mailbox.rc}\nnotify: ${notify}\nescalation: [${rung}]`);
  }

  /** An hour of it within half a minute: the bans, the bucket and the distances are all as much shorter. */
  it('is a handful of messages about a flood, in which every notice is accounted for', async () => {
    const [burst, refillMs] = [3, 8_000];
    configure(`{ gather: 1s, burst: ${burst}, refill: ${refillMs / 1_000}s, digest: off }`, '1h');
    await daemon.start();
    const began = Date.now();
    const others = Array.from({ length: 1_000 }, (_, n) => `203.0.${n >> 8}.${n & 255}`);

    for (let trip = 0; trip < 11; trip++) {
      await attacker.trip();
      // Once it is escalated the others come as well, a hundred or so at a time.
      const share = trip < 3 ? [] : others.slice((trip - 3) * 125, (trip - 2) * 125);
      const lines = share.flatMap((address) => Array<string>(3).fill(failedPassword(address)));
      appendFileSync(daemon.log, lines.join(''));
    }
    await waitFor('the outbox to drain', async () => (await queued()) === 0, 60_000);

    const about = mailbox.notices.filter(({ address }) => address === attacker.address);
    expect(about.map(({ kind, silence }) => [kind, silence])).toEqual([
      ['ban', undefined],
      ['ban', undefined],
      ['escalation', true],
    ]);
    const times = mailbox.messages.map(({ at }) => at);
    const lastedMs = Math.max(...times) - began;
    expect(times.length).toBeLessThanOrEqual(burst + lastedMs / refillMs);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
    expect(Math.max(...gaps), 'the distances grow').toBeGreaterThan(1.9 * refillMs);
    const told = mailbox.notices.filter(({ kind }) => kind === 'ban').length - 2;
    expect(told + digested(mailbox.notices)).toBe(others.length);

    const outcomes = await outcomesOf([attacker.address, ...others]);
    expect(outcomes.get(attacker.address)).toEqual({
      'notice-sent mailbox': 3,
      'notice-suppressed sshd: repeat-offender holds the address already': 8,
    });
    const sent = others.filter((address) => outcomes.get(address)?.['notice-sent mailbox'] === 1);
    const gathered = 'notice-suppressed mailbox: too many at once: it is counted in a digest';
    const inDigest = others.filter((address) => outcomes.get(address)?.[gathered] === 1);
    expect([sent.length, inDigest.length]).toEqual([told, others.length - told]);
    expect(others.every((address) => sum(outcomes.get(address)) === 1)).toBe(true);
    const [status] = (await daemon.status()).notifiers;
    expect(status).toMatchObject({ state: 'ok', queued: 0, dropped: 0 });
  }, 150_000);

  it('is silence about an address that is escalated, over kill -9, until its rung lets go', async () => {
    configure('{ gather: 2s, digest: off }', '15s');
    await daemon.start();
    for (let trip = 0; trip < 3; trip++) await attacker.trip();
    await daemon.end('SIGKILL');
    await daemon.start();
    expect(await attacker.holders()).toContain('repeat-offender');
    await waitFor('the last message', () => kinds().includes('escalation'));
    expect(kinds()).toEqual(['ban', 'ban', 'escalation']);
    const until = mailbox.notices.find(({ kind }) => kind === 'escalation')?.until ?? 0;

    await attacker.trip();
    await daemon.end('SIGKILL');
    await daemon.start();
    await attacker.trip();
    expect(Date.now(), 'the machine was too slow for this test').toBeLessThan(until);
    await waitFor('the rung to let go', async () => !(await holds('repeat-offender')), 30_000);
    expect(kinds()).toEqual(['ban', 'ban', 'escalation']);

    await attacker.trip();
    await waitFor('it to be told', () => kinds().length > 3);
    expect(kinds()).toEqual(['ban', 'ban', 'escalation', 'ban']);
    const { events } = await daemon.why(attacker.address);
    const silent = events.filter(({ kind }) => kind === 'notice-suppressed');
    expect(silent.map(({ holder, reason }) => `${holder}: ${reason}`)).toEqual(
      Array(2).fill('sshd: repeat-offender holds the address already'),
    );
  });

  const holds = async (holder: string) => (await attacker.holders()).includes(holder);

  /** A message that was under way at a kill may come twice. */
  const kinds = () => [...new Map(mailbox.notices.map(({ id, kind }) => [id, kind])).values()];

  async function queued(): Promise<number> {
    return (await daemon.status()).notifiers[0]?.queued ?? Number.NaN;
  }

  /** What became of the notices of each address, as `why` tells it: outcomes with their number. */
  async function outcomesOf(addresses: readonly string[]) {
    const client = new ControlClient(join(daemon.folder, 'control.sock'));
    const found = new Map<string, Record<string, number>>();
    try {
      for (const address of addresses)
        found.set(address, counted(await client.call('why', { address })));
    } finally {
      client.close();
    }
    return found;
  }
});

function counted({ events }: WhyReport): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, holder, reason } of events) {
    if (!kind.startsWith('notice-')) continue;
    const outcome = `${kind} ${holder}${reason === undefined ? '' : `: ${reason}`}`;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

function sum(counts: Record<string, number> = {}): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** Bans by the jail that the digests count. */
function digested(notices: readonly Notice[]): number {
  return notices
    .flatMap(({ digest }) => digest?.counts ?? [])
    .reduce((total, { count }) => total + count, 0);
}
