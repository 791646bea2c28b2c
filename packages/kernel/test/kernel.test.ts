import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '@remand/api';
import { memoryAction, recordingNotifier, settle } from '@remand/testkit';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createKernel } from '../src/kernel.ts';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { SqliteLedger } from '../src/ledger/sqlite-ledger.ts';
import { abuse, jail, KernelRig, start, use } from './kernel-rig.ts';

const attacker = '192.0.2.1';
const other = '192.0.2.2';

describe(createKernel.name, () => {
  it('bans at the maxRetry-th offence, enforces it and tells of it', async () => {
    const rig = new KernelRig();
    await rig.start();

    await rig.abuse(attacker, 2);
    expect(rig.memory.list('memory/ssh').targets).toEqual([]);
    await rig.abuse(attacker);

    expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
    expect(await rig.control.bans({})).toMatchObject([
      { address: attacker, enforced: true, holds: [{ holder: 'ssh' }] },
    ]);
    expect(rig.recorder.notices).toMatchObject([
      { kind: 'ban', address: attacker, until: start + 60_100 },
    ]);
    expect(rig.recorder.notices[0]?.evidence).toHaveLength(3);
  });

  it('ends a ban within two seconds of its time, and not early', async () => {
    const rig = new KernelRig();
    await rig.start();
    await rig.abuse(attacker, 3);

    await rig.pass(59_800);
    expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
    await rig.pass(2_100);

    expect(rig.memory.list('memory/ssh').targets).toEqual([]);
    expect(await rig.control.bans({})).toEqual([]);
    const { events } = await rig.control.why({ address: attacker });
    expect(events.map(({ kind }) => kind)).toContain('expire');
  });

  it('does not count offences outside findTime', async () => {
    const rig = new KernelRig();
    await rig.start();

    await rig.abuse(attacker, 2);
    await rig.pass(600_000);
    await rig.abuse(attacker);

    expect(await rig.control.bans({})).toEqual([]);
  });

  it('does not count what is seen while banned, and counts from nothing afterwards', async () => {
    const rig = new KernelRig();
    await rig.start();
    await rig.abuse(attacker, 3);

    await rig.abuse(attacker, 5);
    expect(await rig.jail()).toMatchObject({
      banned: 1,
      offences: 3,
      ignored: { seenWhileBanned: 5 },
    });
    await rig.pass(62_000);
    await rig.abuse(attacker, 2);
    expect(await rig.control.bans({})).toEqual([]);
    await rig.abuse(attacker);

    expect(await rig.control.bans({})).toHaveLength(1);
    expect(await rig.jail()).toMatchObject({ banned: 2 });
  });

  it.each([
    ['short', 'long'],
    ['long', 'short'],
  ])(
    'enters an address in a shared list for the longest of its holds: %s, %s',
    async (...names) => {
      const rig = new KernelRig();
      const host = memoryAction({ clock: rig.clock, name: 'hosts', scope: 'host' });
      const banTimeMs = { short: 10_000, long: 60_000 };
      const jails = names.map((name) =>
        jail({ name, actions: [use('hosts')], banTimeMs: banTimeMs[name as 'short' | 'long'] }),
      );
      await rig.start({ jails }, { plugins: [host.plugin] });

      await rig.abuse(attacker, 3);

      expect(host.list('hosts').batches.flat()).toEqual([
        { op: 'add', target: attacker, timeoutMs: 60_000 },
      ]);
      await rig.pass(15_000);
      expect(host.list('hosts').targets).toEqual([attacker]);
      expect(await rig.control.bans({})).toMatchObject([
        { enforced: true, holds: [{ holder: 'long' }] },
      ]);
      await rig.pass(50_000);
      expect(host.list('hosts').targets).toEqual([]);
    },
  );

  it('records a backlog ban that is over already, enforces it nowhere and tells nobody', async () => {
    const rig = new KernelRig();
    rig.feed.append([1, 2, 3].map((second) => abuse(attacker, -500_000 + second)));

    await rig.start();
    await rig.feed.settled();
    await rig.pass(2_000);

    expect(await rig.control.bans({})).toEqual([]);
    expect(rig.memory.list('memory/ssh').batches.flat()).toEqual([]);
    expect(rig.recorder.notices).toEqual([]);
    const { events } = await rig.control.why({ address: attacker });
    expect(events.find(({ kind }) => kind === 'ban')).toMatchObject({
      at: new Date(start - 499_997).toISOString(),
      until: new Date(start - 439_997).toISOString(),
    });
  });

  it('counts what a backlog brings from after a ban was lifted', async () => {
    const rig = new KernelRig();
    const stateFolder = await temporaryFolder();
    const first = await rig.start({}, { stateFolder });
    await rig.abuse(attacker, 3);
    await rig.control.unban({ address: attacker });
    await first.stop();
    rig.feed.append([1, 2, 3].map((second) => abuse(attacker, 20_000 + second)));
    await rig.pass(60_000);

    await rig.start({}, { stateFolder });
    await rig.feed.settled();
    await rig.pass(100);

    const until = new Date(start + 80_003).toISOString();
    expect(await rig.control.bans({})).toMatchObject([{ address: attacker, until }]);
  });

  it('counts what it reads late from after a ban was lifted', async () => {
    const rig = new KernelRig();
    await rig.start();
    await rig.abuse(attacker, 3);
    await rig.control.unban({ address: attacker });
    await rig.pass(30_000);

    await rig.feed.push(
      [1, 2, 3].map((second) => abuse(attacker, 20_000 + second)),
      { live: false },
    );

    const until = new Date(start + 80_003).toISOString();
    expect(await rig.control.bans({})).toMatchObject([{ address: attacker, until }]);
  });

  it('counts on in a backlog that it was killed in, however old its lines are', async () => {
    const day = 86_400_000;
    const rig = new KernelRig();
    const stateFolder = await temporaryFolder();
    const jails = [jail({ name: 'ssh', banTimeMs: 7 * day })];
    rig.feed.append([1, 2].map((second) => abuse(attacker, -day + second)));
    const first = await rig.start({ jails }, { stateFolder });
    await rig.feed.settled();
    await first.stop();
    rig.feed.append([abuse(attacker, -day + 3)]);

    await rig.start({ jails }, { stateFolder });
    await rig.feed.settled();
    await rig.pass(100);

    const until = new Date(start + 6 * day + 3).toISOString();
    expect(await rig.control.bans({})).toMatchObject([{ address: attacker, until }]);
  });

  it('forgets nothing that counts while it reads an old backlog for long', async () => {
    const day = 86_400_000;
    const rig = new KernelRig();
    await rig.start({ jails: [jail({ name: 'ssh', banTimeMs: 7 * day })] });
    await rig.feed.push([abuse(attacker, -day)], { live: false });
    for (let minute = 0; minute < 70; minute++) {
      await rig.feed.push(['nothing'], { live: false });
      await rig.pass(60_000);
    }

    await rig.feed.push(
      [1, 2].map((second) => abuse(attacker, -day + second)),
      { live: false },
    );

    expect(await rig.control.bans({})).toMatchObject([{ address: attacker }]);
  });

  it.each([
    ['unban', (rig: KernelRig) => rig.control.unban({ address: attacker }), [other]],
    ['allow', (rig: KernelRig) => rig.control.allow({ address: attacker, forMs: null }), [other]],
    ['ban', (rig: KernelRig) => rig.control.ban({ address: '192.0.2.3' }), [attacker, other]],
  ] as const)(
    'obeys %s when the history cannot be read for the notice',
    async (what, act, left) => {
      const rig = new KernelRig();
      const actions = [use('memory', { list: 'bans' })];
      await rig.start({ defaultActions: actions, jails: [jail({ name: 'ssh', actions })] });
      await rig.abuse(attacker, 3);
      await rig.abuse(other, 3);
      const spy = vi.spyOn(SqliteLedger.prototype, 'countedBans').mockImplementation(() => {
        throw new Error('database disk image is malformed');
      });
      onTestFinished(() => spy.mockRestore());

      await act(rig);
      await rig.pass(100);

      const expected = what === 'ban' ? [...left, '192.0.2.3'] : left;
      expect(rig.memory.list('bans').targets).toEqual(expected);
    },
  );

  it('gives a backlog ban the time of its deciding line', async () => {
    const rig = new KernelRig();
    rig.feed.append([1, 2, 3].map((second) => abuse(attacker, -30_000 + second)));

    await rig.start();
    await rig.feed.settled();
    await rig.pass(100);

    expect(await rig.control.bans({})).toMatchObject([
      { until: new Date(start + 30_003).toISOString(), enforced: true },
    ]);
  });

  it('goes on after a restart with its counters, bookmarks and holds', async () => {
    const rig = new KernelRig();
    const stateFolder = await temporaryFolder();
    const first = await rig.start({}, { stateFolder });
    await rig.abuse(attacker, 3);
    await rig.abuse(other, 2);
    await first.stop();
    expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
    const told = rig.recorder.notices.length;

    await rig.start({}, { stateFolder });
    await rig.feed.settled();
    await rig.pass(100);

    expect(rig.feed.bookmark()).toBe('5');
    expect(await rig.jail()).toMatchObject({ lines: 0, banned: 0, live: 1 });
    expect(await rig.control.bans({})).toMatchObject([{ address: attacker, enforced: true }]);
    expect(rig.recorder.notices).toHaveLength(told);
    await rig.abuse(other);
    expect(rig.memory.list('memory/ssh').targets).toEqual([attacker, other]);
  });

  it('does not count the offences of a ban again after a restart', async () => {
    const rig = new KernelRig();
    const stateFolder = await temporaryFolder();
    const first = await rig.start({}, { stateFolder });
    await rig.abuse(attacker, 3);
    await rig.pass(62_000);
    await first.stop();

    await rig.start({}, { stateFolder });
    await rig.abuse(attacker, 2);

    expect(await rig.control.bans({})).toEqual([]);
  });

  it('counts no rest of the offences that a ban has used up, after a restart', async () => {
    const rig = new KernelRig();
    const stateFolder = await temporaryFolder();
    const first = await rig.start({}, { stateFolder });
    await rig.abuse(attacker);
    await rig.pass(300_000);
    await rig.abuse(attacker, 2);
    await rig.pass(350_000);
    expect(await rig.jail()).toMatchObject({ banned: 1, live: 0 });
    await first.stop();

    await rig.start({}, { stateFolder });
    await rig.abuse(attacker);

    expect(await rig.control.bans({})).toEqual([]);
  });

  it('takes a ban that ended while it was down off the list, and writes its end', async () => {
    const rig = new KernelRig();
    const stateFolder = await temporaryFolder();
    const given = { jails: [jail({ name: 'ssh', actions: [use('untimed')] })] };
    const untimed = memoryAction({
      clock: rig.clock,
      name: 'untimed',
      limits: { maxTimeoutMs: 0 },
    });
    const first = await rig.start(given, { stateFolder, plugins: [untimed.plugin] });
    await rig.abuse(attacker, 3);
    await first.stop();
    await rig.pass(120_000);
    expect(untimed.list('untimed/ssh').targets).toEqual([attacker]);

    await rig.start(given, { stateFolder, plugins: [untimed.plugin] });
    await rig.pass(1_000);

    expect(untimed.list('untimed/ssh').targets).toEqual([]);
    const { events } = await rig.control.why({ address: attacker });
    expect(events.filter(({ kind }) => kind === 'expire')).toMatchObject([
      { at: new Date(start + 60_000).toISOString(), holder: 'ssh' },
    ]);
  });

  it.each([
    ['configured', { neverBan: ['192.0.2.0/28'] }],
    ['named in the configuration', { neverBan: ['home.example'] }],
    ["one of the machine's", {}],
  ])('never bans an address that is %s', async (_what, given) => {
    const rig = new KernelRig();
    rig.names = { 'home.example': [attacker] };
    if (!('neverBan' in given)) rig.protectedAddresses = [{ address: attacker, why: 'gateway' }];
    await rig.start(given);

    await rig.abuse(attacker, 3);

    expect(await rig.control.bans({})).toEqual([]);
    expect(await rig.jail()).toMatchObject({ offences: 0, ignored: { neverBan: 3 } });
    const refusal = rig.control.ban({ address: attacker, jail: 'ssh' });
    await expect(refusal).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('protects what is allowed for as long as it is, and lifts its ban', async () => {
    const rig = new KernelRig();
    await rig.start();
    await rig.abuse(attacker, 3);

    const answer = await rig.control.allow({ address: attacker, forMs: 10_000 });
    await rig.pass(1_000);

    expect(answer.lifted).toEqual([{ address: attacker, holder: 'ssh' }]);
    expect(rig.memory.list('memory/ssh').targets).toEqual([]);
    await rig.abuse(attacker, 3);
    expect(await rig.control.bans({})).toEqual([]);
    await rig.pass(10_000);
    await rig.abuse(attacker, 3);
    expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
  });

  it('lifts a ban when the machine comes to need the address', async () => {
    const rig = new KernelRig();
    await rig.start({ jails: [jail({ name: 'ssh', banTimeMs: null })] });
    await rig.abuse(attacker, 3);

    rig.protectedAddresses = [{ address: attacker, why: 'resolver' }];
    await rig.pass(61_000);

    expect(rig.memory.list('memory/ssh').targets).toEqual([]);
    expect(await rig.control.bans({})).toEqual([]);
    expect(rig.recorder.notices.at(-1)).toMatchObject({ kind: 'unban', address: attacker });
  });

  it('lifts at its start a ban that the configuration forbids now', async () => {
    const rig = new KernelRig();
    const stateFolder = await temporaryFolder();
    const first = await rig.start({}, { stateFolder });
    await rig.abuse(attacker, 3);
    await first.stop();

    await rig.start({ neverBan: [attacker] }, { stateFolder });
    await rig.pass(100);

    expect(rig.memory.list('memory/ssh').targets).toEqual([]);
    expect(await rig.control.bans({})).toEqual([]);
  });

  it('bans the /64 of a v6 address, but only the address beside a protected one', async () => {
    const rig = new KernelRig();
    await rig.start({ neverBan: ['2001:db8:0:1::1'] });

    await rig.abuse('2001:db8:0:1::bad', 3);
    await rig.abuse('2001:db8:0:2::bad', 2);
    await rig.abuse('2001:db8:0:2::beef');

    expect(rig.memory.list('memory/ssh').targets).toEqual([
      '2001:db8:0:1::bad',
      '2001:db8:0:2::/64',
    ]);
  });

  it('counts a v4-mapped address with the v4 address that it is', async () => {
    const rig = new KernelRig();
    await rig.start();

    await rig.abuse(attacker, 2);
    await rig.abuse(`::ffff:${attacker}`);

    expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
  });

  it('asks which hold to lift when there are several', async () => {
    const rig = new KernelRig();
    await rig.start({ jails: [jail({ name: 'ssh' }), jail({ name: 'web' })] });
    await rig.abuse(attacker, 3);

    const asked = await rig.control.unban({ address: attacker });
    expect(asked.lifted).toEqual([]);
    expect(asked.choose?.map(({ holder }) => holder)).toEqual(['ssh', 'web']);
    const lifted = await rig.control.unban({ address: attacker, holder: 'web' });
    await rig.pass(100);

    expect(lifted.lifted.map(({ holder }) => holder)).toEqual(['web']);
    expect(rig.memory.list('memory/web').targets).toEqual([]);
    expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
    await rig.control.unban({ address: attacker, all: true });
    await rig.pass(100);
    expect(rig.memory.list('memory/ssh').targets).toEqual([]);
  });

  it('says why it cannot lift a ban', async () => {
    const rig = new KernelRig();
    await rig.start();
    await rig.control.ban({ address: '198.51.100.0/24', jail: 'ssh' });

    const inside = await rig.control.unban({ address: '198.51.100.7' });
    const unknown = rig.control.unban({ address: attacker });
    const notIts = rig.control.unban({ address: '198.51.100.0/24', holder: 'ssh' });

    expect(inside).toEqual({
      address: '198.51.100.7',
      lifted: [],
      insideRange: '198.51.100.0/24',
    });
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(notIts).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it("puts an admin's ban on the lists of the jail that is named, or on the default ones", async () => {
    const rig = new KernelRig();
    await rig.start({
      jails: [jail({ name: 'ssh' }), jail({ name: 'web' })],
      defaultActions: [use('memory')],
    });

    const named = await rig.control.ban({ address: attacker, jail: 'web', forMs: 10_000 });
    const unnamed = await rig.control.ban({ address: other, forMs: null });
    await rig.pass(100);

    expect(named.lists).toEqual(['memory/web']);
    expect(unnamed).toEqual({ address: other, until: null, lists: ['memory/admin'] });
    expect(rig.memory.list('memory/ssh').targets).toEqual([]);
    expect(rig.memory.list('memory/web').targets).toEqual([attacker]);
    expect(rig.memory.list('memory/admin').targets).toEqual([other]);
    await rig.pass(12_000);
    expect(rig.memory.list('memory/web').targets).toEqual([]);
    expect(rig.memory.list('memory/admin').targets).toEqual([other]);
  });

  it('decides and records for a jail that observes, and blocks nobody', async () => {
    const rig = new KernelRig();
    await rig.start({
      jails: [
        jail({ name: 'watch', observe: true }),
        jail({ name: 'web', filter: use('scripted', { web: true }), maxRetry: 100 }),
      ],
    });

    await rig.abuse(attacker, 3);

    expect(rig.memory.lists.get('memory/watch')?.targets ?? []).toEqual([]);
    expect(await rig.jail()).toMatchObject({ name: 'watch', banned: 1, live: 1 });
    const { events } = await rig.control.why({ address: attacker });
    expect(events.filter(({ kind }) => kind === 'ban')).toMatchObject([{ observed: true }]);
    expect(rig.recorder.notices).toEqual([]);
  });

  it('touches no list when everything is observed', async () => {
    const rig = new KernelRig();
    await rig.start({ observe: true });

    await rig.abuse(attacker, 3);

    expect(rig.memory.lists.size).toBe(0);
    expect(await rig.jail()).toMatchObject({ banned: 1, observe: true });
  });

  it('alarms once when the fuse trips, and goes on banning addresses', async () => {
    const rig = new KernelRig();
    await rig.start({
      jails: [jail({ name: 'ssh', maxRetry: 1 })],
      fuse: { bans: 2, withinMs: 60_000 },
    });

    for (const last of [1, 2, 3, 4]) await rig.abuse(`192.0.2.${last}`);
    await rig.pass(1_000);

    expect(rig.memory.list('memory/ssh').targets).toHaveLength(4);
    expect(rig.recorder.notices.filter(({ kind }) => kind === 'fuse')).toHaveLength(1);
    expect((await rig.control.status({})).fuse).toMatchObject({ tripped: true, recent: 4 });
    expect(await rig.control.resetFuse({})).toMatchObject({ tripped: false, recent: 0 });
  });

  it('lets an action that hangs delay no other list', async () => {
    const rig = new KernelRig();
    const slow = memoryAction({ clock: rig.clock, name: 'slow' });
    await rig.start(
      { jails: [jail({ name: 'ssh', actions: [use('slow'), use('memory')] })] },
      { plugins: [slow.plugin] },
    );
    const release = slow.list('slow/ssh').holdApplies();
    onTestFinished(release);

    await rig.abuse(attacker, 3);
    await rig.abuse(other, 3);

    expect(rig.memory.list('memory/ssh').targets).toEqual([attacker, other]);
    expect(slow.list('slow/ssh').targets).toEqual([]);
    expect((await rig.control.bans({})).map(({ enforced }) => enforced)).toEqual([false, false]);
    release();
    await settle();
    await rig.pass(100);
    expect(slow.list('slow/ssh').targets).toEqual([attacker, other]);
  });

  it('lets a notifier that hangs delay no ban and no other notifier', async () => {
    const rig = new KernelRig();
    const slow = recordingNotifier({ name: 'slow' });
    await rig.start({ notifiers: [use('slow'), use('recorder')] }, { plugins: [slow.plugin] });
    const release = slow.hold();
    onTestFinished(release);

    await rig.abuse(attacker, 3);
    await rig.abuse(other, 3);

    expect(rig.memory.list('memory/ssh').targets).toEqual([attacker, other]);
    expect(rig.recorder.notices).toHaveLength(2);
    expect(slow.attempts).toBe(1);
    release();
    await rig.pass(1_000);
    expect(slow.notices).toHaveLength(2);
  });

  it('enforces on own lists what it cannot write down, and writes it once it can', async () => {
    const rig = new KernelRig();
    const stateFolder = await temporaryFolder();
    const shared = memoryAction({ clock: rig.clock, name: 'shared', ownership: 'shared' });
    const given = {
      jails: [jail({ name: 'ssh', actions: [use('memory'), use('shared')], banTimeMs: null })],
    };
    const first = await rig.start(given, { stateFolder, plugins: [shared.plugin] });
    const disk = fullDisk();

    await rig.abuse(attacker, 3);

    expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
    expect(shared.list('shared/ssh').targets).toEqual([]);
    const full = await rig.control.status({});
    expect(full.state).toMatchObject({ state: 'degraded', unrecorded: 1 });
    expect(full.bans.notEnforced).toBe(1);
    expect(await rig.control.bans({})).toMatchObject([
      { holds: [{ lists: [{ enforced: true, reason: 'unrecorded' }, { enforced: false }] }] },
    ]);
    disk.free();
    await rig.pass(90_000);
    expect((await rig.control.status({})).state).toMatchObject({ state: 'ok', unrecorded: 0 });
    expect(shared.list('shared/ssh').targets).toEqual([attacker]);
    expect(rig.recorder.notices.filter(({ kind }) => kind === 'ban')).toHaveLength(1);
    await first.stop();

    await rig.start(given, { stateFolder, plugins: [shared.plugin] });
    await rig.feed.settled();
    await rig.pass(100);
    expect(rig.feed.bookmark()).toBe('3');
    expect(await rig.jail()).toMatchObject({ lines: 0, live: 1 });
    expect(await rig.control.bans({})).toMatchObject([{ address: attacker, enforced: true }]);
  });

  it('writes what waits as soon as it can, without another ban', async () => {
    const rig = new KernelRig();
    await rig.start();
    const disk = fullDisk();
    await rig.abuse(attacker, 3);
    disk.free();

    await rig.pass(1_500);

    expect((await rig.control.status({})).state).toMatchObject({ state: 'ok', unrecorded: 0 });
  });

  it('gives the state folder free when it cannot start', async () => {
    const rig = new KernelRig();
    const stateFolder = await temporaryFolder();
    const spy = vi.spyOn(SqliteLedger.prototype, 'liveAllows').mockImplementation(() => {
      throw new Error('a bug');
    });
    onTestFinished(() => spy.mockRestore());

    await expect(rig.start({}, { stateFolder })).rejects.toThrow('a bug');

    openLedger({ folder: stateFolder, clock: rig.clock, logger: rig.logger }).close();
  });

  it('leaves no list and no notifier at work when it cannot start', async () => {
    const rig = new KernelRig();
    const list = rig.memory.list('memory/ssh');
    const spy = vi.spyOn(SqliteLedger.prototype, 'offencesSince').mockImplementation(() => {
      throw new Error('a bug');
    });
    onTestFinished(() => spy.mockRestore());

    await expect(rig.start()).rejects.toThrow('a bug');
    const reads = list.calls.list;
    await rig.pass(3_600_000);

    expect(list.calls).toMatchObject({ stop: 1, list: reads, flush: 0 });
  });

  it.each<[string, (rig: KernelRig, stateFolder: string) => Promise<void>]>([
    [
      'ended before it recovered anything',
      async ({ clock, logger }, folder) => openLedger({ folder, clock, logger }).close(),
    ],
    [
      'could not write what it recovered',
      async (rig, stateFolder) => {
        const disk = fullDisk();
        await (await rig.start({}, { stateFolder })).stop();
        disk.free();
      },
    ],
  ])('recovers the holds of a damaged ledger once, also when a start %s', async (_what, fail) => {
    const rig = new KernelRig();
    const stateFolder = await temporaryFolder();
    const first = await rig.start({}, { stateFolder });
    await rig.abuse(attacker, 3);
    await first.stop();
    await writeFile(join(stateFolder, 'ledger.db'), 'x'.repeat(5_000));
    await fail(rig, stateFolder);
    const before = rig.logger.fieldsOf('holds-recovered').length;

    const second = await rig.start({}, { stateFolder });
    await second.stop();
    await rig.start({}, { stateFolder });
    await rig.pass(100);

    const recovered = rig.logger.fieldsOf('holds-recovered').slice(before);
    expect(recovered).toEqual([{ list: 'memory/ssh', holds: 1 }]);
    expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
    const [ban] = await rig.control.bans({});
    // The log is read again as well, for its bookmark was lost.
    expect(ban?.holds.map(({ holder }) => holder)).toEqual(['recovered', 'ssh']);
  });

  it('can be stopped twice', async () => {
    const rig = new KernelRig();
    const kernel = await rig.start();

    await kernel.stop();
    await kernel.stop();

    expect(rig.feed.stopped).toBe(1);
    expect(rig.memory.list('memory/ssh').calls).toMatchObject({ stop: 1, dispose: 1, flush: 0 });
  });

  it('takes everything out of the lists when it is told so', async () => {
    const rig = new KernelRig();
    const kernel = await rig.start();
    await rig.abuse(attacker, 3);

    await kernel.stop({ flush: true });

    expect(rig.memory.list('memory/ssh').targets).toEqual([]);
  });

  it('calls back with the entries of each commit until it is told to stop', async () => {
    const rig = new KernelRig();
    const kernel = await rig.start();
    const kinds: string[] = [];
    const end = kernel.onEntries((entries) => kinds.push(...entries.map(({ kind }) => kind)));

    await rig.abuse(attacker, 3);
    end();
    await rig.abuse(other, 3);

    expect(kinds).toEqual(['ban']);
  });
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'remand-kernel-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Every commit fails from now on, as on a full disk, until it is freed. */
function fullDisk(): { free(): void } {
  const spy = vi.spyOn(SqliteLedger.prototype, 'commit').mockImplementation(() => {
    throw new CommandError('STATE_UNWRITABLE', 'database or disk is full');
  });
  onTestFinished(() => spy.mockRestore());
  return { free: () => spy.mockRestore() };
}
