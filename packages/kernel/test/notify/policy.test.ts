import { CommandError, type KernelConfig, type NotifyConfig, notifyDefaults } from '@remand/api';
import { settle } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { Delivery } from '../../src/notify/delivery.ts';
import { abuse, jail, KernelRig } from '../kernel-rig.ts';

const attacker = '198.51.100.1';
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const rung = {
  ...{ name: 'repeat', after: 3, withinMs: 6 * hour, banTimeMs: hour, path: ['escalation', 0] },
};
const policy = (given: Partial<NotifyConfig> = {}): NotifyConfig => ({
  ...{ ...notifyDefaults, digest: null },
  ...given,
});

describe('one policy for every notifier', () => {
  it('sends what happens together in one message, the first of it after five seconds', async () => {
    const rig = await started();

    await rig.abuse('192.0.2.1', 3);
    await rig.pass(2 * second);
    await rig.abuse('192.0.2.2', 3);
    await rig.pass(2 * second);
    expect(rig.recorder.batches).toEqual([]);
    await rig.pass(3 * second);

    expect(rig.recorder.batches.map((batch) => batch.map(({ address }) => address))).toEqual([
      ['192.0.2.1', '192.0.2.2'],
    ]);
  });

  it('sends ten messages at once, then gathers, and forgets no ban', async () => {
    const rig = await started();

    for (let number = 1; number <= 200; number += 1) {
      await rig.abuse(`192.0.2.${number}`, 3);
      await rig.pass(6 * second);
    }
    await rig.pass(hour);

    // Twenty minutes of them: ten messages, then after 1, 2, 4 and 8 minutes, and the rest.
    const { batches } = rig.recorder;
    expect(batches.length).toBeGreaterThanOrEqual(14);
    expect(batches.length).toBeLessThanOrEqual(16);
    const told = batches.flat().filter(({ kind }) => kind === 'ban').length;
    const inDigests = batches.flat().flatMap(({ digest }) => digest?.counts ?? []);
    expect(told + sum(inDigests)).toBe(200);
    expect(inDigests.every(({ kind, holder }) => kind === 'ban' && holder === 'ssh')).toBe(true);
    expect(await status(rig)).toMatchObject({ queued: 0, dropped: 0, state: 'ok' });
    expect(await status(rig)).toMatchObject({ gathered: 200 - told });
  });

  it('makes a digest of what is too much for one message, with the top networks', async () => {
    const rig = await started();
    const addresses = Array.from(
      { length: 300 },
      (_, n) => `192.0.${n % 3}.${Math.floor(n / 3) + 1}`,
    );

    await rig.feed.push(addresses.flatMap((address) => Array(3).fill(abuse(address))));
    await rig.pass(minute);

    const [message, ...others] = rig.recorder.batches;
    expect(others).toEqual([]);
    expect(message).toMatchObject([
      {
        kind: 'digest',
        digest: {
          of: 'overflow',
          counts: [{ kind: 'ban', holder: 'ssh', count: 300 }],
          networks: [
            { network: '192.0.0.0/24', count: 100 },
            { network: '192.0.1.0/24', count: 100 },
            { network: '192.0.2.0/24', count: 100 },
          ],
        },
      },
    ]);
    expect(message?.[0]?.digest?.addresses).toHaveLength(10);
    expect(message?.[0]?.summary).toMatch(
      /: 300 bans by ssh, most of them in 192\.0\.0\.0\/24 \(100\)\.$/,
    );
    expect(await eventsOf(rig, '192.0.0.1')).toEqual([
      'ban ssh',
      'notice-suppressed recorder: too many at once: it is counted in a digest',
    ]);
  });

  it('lets an alarm through a flood', async () => {
    const rig = await started({ fuse: { bans: 50, withinMs: minute } });
    const flood = Array.from({ length: 100 }, (_, n) => Array(3).fill(abuse(`192.0.2.${n + 1}`)));

    await rig.feed.push(flood.flat());
    await rig.pass(minute);

    const kinds = rig.recorder.notices.map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['digest', 'fuse']);
  });

  it('does not have an alarm wait for the next message of a flood', async () => {
    const notify = policy({ burst: 1, refillMs: 10 * minute });
    const rig = await started({ notify, fuse: { bans: 60, withinMs: hour } });
    // The second is sent after ten minutes, the third would be after twenty more.
    for (let number = 1; number <= 50; number += 1) {
      await rig.abuse(`192.0.2.${number}`, 3);
      await rig.pass(15 * second);
    }
    expect(rig.recorder.batches).toHaveLength(2);

    const many = Array.from({ length: 50 }, (_, n) => Array(3).fill(abuse(`192.0.3.${n + 1}`)));
    await rig.feed.push(many.flat());
    await rig.pass(10 * minute);

    expect(rig.recorder.batches).toHaveLength(3);
    expect(rig.recorder.batches[2]).toMatchObject([{ kind: 'fuse' }]);
    await rig.pass(20 * minute);
    expect(rig.recorder.batches[3]).toMatchObject([{ kind: 'digest' }]);
  });

  it('leaves out what is not wanted, and tells of starts, stops and restored bans only when asked', async () => {
    const stateFolder = await new KernelRig().folder();
    const first = await started({}, { stateFolder });
    await first.abuse(attacker, 3);
    await first.stop();
    expect(first.recorder.notices.map(({ kind }) => kind)).toEqual(['ban']);

    const silent = await started({}, { stateFolder });
    await silent.pass(10 * second);
    await silent.stop();
    expect(silent.recorder.notices).toEqual([]);

    const all = await started(
      { notify: policy({ restored: true, startAndStop: true, leaveOut: ['unban'] }) },
      { stateFolder },
    );
    await all.pass(10 * second);
    await all.control.unban({ address: attacker });
    await all.stop();
    expect(all.recorder.notices.map(({ summary }) => summary)).toEqual([
      'remand has started; 1 ban in force.',
      expect.stringMatching(/^198\.51\.100\.1 is still banned by ssh for .* UTC\.$/),
      'remand is being stopped.',
    ]);
  });

  it('tells only how many bans are in force at a start when there are too many', async () => {
    const stateFolder = await new KernelRig().folder();
    const first = await started({}, { stateFolder });
    await first.abuse('192.0.2.1', 3);
    await first.abuse('192.0.2.2', 3);
    await first.stop();

    const again = await started({ notify: policy({ restored: true, most: 1 }) }, { stateFolder });
    await again.pass(10 * second);
    await again.stop();

    expect(again.recorder.notices.map(({ summary }) => summary)).toEqual([
      'remand has started; 2 bans in force.',
    ]);
  });
});

describe('an address that is escalated', () => {
  it('is told of once more, then not while the rung holds it, and again afterwards', async () => {
    const rig = await started({ escalation: [rung] });
    for (let time = 0; time < 3; time += 1) await banned(rig);
    expect(rig.recorder.notices.map(({ kind }) => kind)).toEqual(['ban', 'ban', 'escalation']);
    expect(rig.recorder.notices.at(-1)).toMatchObject({
      silence: true,
      undo: `remand unban ${attacker} --jail repeat`,
      ledger: { bans: 3, history: [{ holder: 'ssh' }, { holder: 'ssh' }] },
    });
    expect(rig.recorder.notices.at(-1)?.summary).toMatch(
      /Nothing more is told of it until then\.$/,
    );

    for (let time = 0; time < 8; time += 1) await banned(rig);
    expect(rig.recorder.notices).toHaveLength(3);
    await rig.pass(hour);
    await banned(rig);

    expect(rig.recorder.notices.map(({ kind }) => kind).slice(3)).toEqual(['ban']);
    const silent = (await eventsOf(rig, attacker)).filter((one) => one.includes('suppressed'));
    expect(silent).toEqual(
      Array(8).fill('notice-suppressed ssh: repeat holds the address already'),
    );
  });

  it('is told of when a rung further up takes it', async () => {
    const further = { ...rung, name: 'for-ever', after: 5, banTimeMs: null };
    const rig = await started({ escalation: [rung, further] });

    for (let time = 0; time < 7; time += 1) await banned(rig);

    expect(rig.recorder.notices.map(({ holder }) => holder)).toEqual([
      ...['ssh', 'ssh', 'repeat', 'for-ever'],
    ]);
  });

  it('stays silent across a restart', async () => {
    const stateFolder = await new KernelRig().folder();
    const first = await started({ escalation: [rung] }, { stateFolder });
    for (let time = 0; time < 3; time += 1) await banned(first);
    await first.stop();

    const again = await started({ escalation: [rung] }, { stateFolder, at: first.clock.now() });
    for (let time = 0; time < 2; time += 1) await banned(again);

    expect(again.recorder.notices).toEqual([]);
    const silent = (await eventsOf(again, attacker)).filter((one) => one.includes('suppressed'));
    expect(silent).toHaveLength(2);
  });

  it('shows what came before of a few, although many more are silent', async () => {
    const rig = await started({ escalation: [rung], notify: policy({ most: 3 }) });
    const others = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'];
    for (let time = 0; time < 3; time += 1) {
      for (const address of others) await rig.abuse(address, 3);
      await rig.pass(2 * minute);
    }
    await rig.abuse(attacker, 3);
    await rig.pass(2 * minute);

    const lines = [...others, attacker].flatMap((address) => Array(3).fill(abuse(address)));
    await rig.feed.push(lines);
    await rig.pass(minute);

    expect(rig.recorder.notices.at(-1)).toMatchObject({
      ...{ kind: 'ban', address: attacker, undo: expect.any(String) },
      ledger: { bans: 2, history: [{ holder: 'ssh' }] },
    });
  });

  it('is told of as any other when that is wanted', async () => {
    const notify = policy({ quietWhenEscalated: false });
    const rig = await started({ escalation: [rung], notify });

    for (let time = 0; time < 5; time += 1) await banned(rig);

    expect(rig.recorder.notices).toHaveLength(5);
    expect(rig.recorder.notices.some(({ silence }) => silence)).toBe(false);
  });
});

describe('the regular digest', () => {
  const daily = policy({ digest: { every: 'day', atMinute: 420 } });

  it('comes at its time with what happened and what was not told, and not twice', async () => {
    const stateFolder = await new KernelRig().folder();
    const rig = await started({ escalation: [rung], notify: daily }, { stateFolder });
    for (let time = 0; time < 5; time += 1) await banned(rig);

    await rig.pass(10 * hour);
    await rig.stop();
    const again = await started({ notify: daily }, { stateFolder, at: rig.clock.now() });
    await again.pass(10 * hour);

    const digests = rig.recorder.notices.filter(({ kind }) => kind === 'digest');
    expect(digests).toMatchObject([
      {
        digest: {
          of: 'day',
          counts: [
            { kind: 'ban', holder: 'ssh', count: 5 },
            { kind: 'escalation', holder: 'repeat', count: 1 },
          ],
          suppressed: [{ reason: 'repeat holds the address already', count: 2 }],
          addresses: [{ address: attacker, count: 5 }],
          networks: [{ network: '198.51.100.0/24', count: 5 }],
        },
      },
    ]);
    expect(new Date(digests[0]?.at ?? 0).getHours()).toBe(7);
    expect(again.recorder.notices).toEqual([]);
  });

  it('is not sent when nothing happened, nor when it is off', async () => {
    const quiet = await started({ notify: daily });
    await quiet.pass(9 * hour);
    expect(quiet.recorder.notices).toEqual([]);

    const off = await started();
    await off.abuse(attacker, 3);
    await off.pass(9 * hour);
    expect(off.recorder.notices.map(({ kind }) => kind)).toEqual(['ban']);
  });
});

describe(Delivery.name, () => {
  it('makes one digest of an outage, and accounts for every notice', async () => {
    const rig = await started();
    const down = new CommandError('NOTICE_FAILED', 'the server is not there');
    rig.recorder.failNext(1_000_000, down);
    for (let number = 1; number <= 60; number += 1) {
      await rig.abuse(`192.0.2.${number}`, 3);
      await rig.pass(20 * minute);
    }
    expect(rig.recorder.batches).toEqual([]);
    expect(await status(rig)).toMatchObject({ state: 'degraded', dropped: 0 });

    rig.recorder.works();
    await rig.pass(hour);

    expect(rig.recorder.batches).toHaveLength(1);
    expect(sum(rig.recorder.notices.flatMap(({ digest }) => digest?.counts ?? []))).toBe(60);
    expect(await status(rig)).toMatchObject({ state: 'ok', queued: 0, dropped: 0 });
  });

  it('gives up what is refused for good, and only that', async () => {
    const rig = await started();
    rig.recorder.refuse(({ address }) => address === '192.0.2.5');

    for (let number = 1; number <= 9; number += 1) await rig.abuse(`192.0.2.${number}`, 3);
    await rig.pass(10 * second);

    expect(rig.recorder.notices).toHaveLength(8);
    expect(await status(rig)).toMatchObject({
      ...{ state: 'ok', queued: 0, delivered: 8, dropped: 1 },
      refused: { notices: 1, reason: 'no such user', hint: 'is it spelt right?' },
    });
    expect(await eventsOf(rig, '192.0.2.5')).toEqual([
      'ban ssh',
      'notice-suppressed recorder: refused: no such user',
    ]);
  });

  it('comes again no sooner than it was asked to', async () => {
    const rig = await started();
    const busy = new CommandError('NOTICE_FAILED', 'busy', { retryAfterMs: 10 * minute });
    rig.recorder.failNext(1, busy);

    await rig.abuse(attacker, 3);
    await rig.pass(9 * minute);
    expect(rig.recorder.attempts).toBe(1);
    await rig.pass(2 * minute);

    expect(rig.recorder.notices).toHaveLength(1);
  });
});

async function started(
  given: Partial<KernelConfig> = {},
  more: { readonly stateFolder?: string; readonly at?: number } = {},
): Promise<KernelRig> {
  const rig = new KernelRig();
  if (more.at !== undefined) rig.clock.setWall(more.at);
  await rig.start({ jails: [jail({ name: 'ssh' })], notify: policy(), ...given }, more);
  return rig;
}

/** One ban that runs to its end, well apart from the next. */
async function banned(rig: KernelRig): Promise<void> {
  await rig.abuse(attacker, 3);
  await rig.pass(2 * minute);
}

async function eventsOf(rig: KernelRig, address: string): Promise<string[]> {
  await settle();
  const { events } = await rig.control.why({ address });
  return events
    .filter(({ kind }) => kind !== 'offence' && kind !== 'expire')
    .map(({ kind, holder, reason }) =>
      kind === 'notice-suppressed' ? `${kind} ${holder}: ${reason}` : `${kind} ${holder}`,
    );
}

async function status(rig: KernelRig) {
  const [notifier] = (await rig.control.status({})).notifiers;
  return notifier;
}

function sum(rows: readonly { readonly count: number }[]): number {
  return rows.reduce((total, { count }) => total + count, 0);
}
