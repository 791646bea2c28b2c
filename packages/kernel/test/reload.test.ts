import {
  CommandError,
  ConfigError,
  definePlugin,
  type PluginUse,
  type SourceFeed,
} from '@remand/api';
import { anyOptions, LogFeed, memoryAction, scriptedFilter, settle } from '@remand/testkit';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Kernel } from '../src/kernel-contract.ts';
import { SqliteLedger } from '../src/ledger/sqlite-ledger.ts';
import { abuse, jail, KernelRig, kernelConfig, use } from './kernel-rig.ts';

const attacker = '198.51.100.1';
const other = '198.51.100.2';

type Config = Parameters<typeof kernelConfig>[0];

/** Reloads while time passes, as handing over needs timers only when something hangs. */
async function reload(kernel: Kernel, config: Config = {}) {
  const report = await kernel.reload(kernelConfig(config));
  await settle();
  return report;
}

const shared = (name: string, more: Record<string, unknown> = {}): PluginUse =>
  use('memory', { list: name, ...more });

describe('a reload', () => {
  describe('of what stays the same', () => {
    it('goes on without a change', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start();
      await rig.abuse(attacker, 2);

      const report = await reload(kernel);

      const nothing = { added: [], changed: [], removed: [] };
      expect(report).toEqual({
        jails: nothing,
        rungs: nothing,
        sources: nothing,
        lists: nothing,
        notifiers: nothing,
        emptied: [],
        stranded: [],
      });
      expect(rig.feed).toMatchObject({ started: 1, stopped: 0 });
      expect(rig.memory.list('memory/ssh').calls).toMatchObject({ start: 1, stop: 0, dispose: 0 });
      await rig.abuse(attacker);
      expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
      expect(await rig.jail()).toMatchObject({ lines: 3, offences: 3, banned: 1 });
      expect(rig.recorder.notices).toHaveLength(1);
    });

    it('keeps a list with what it knows: nothing is read or entered again', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start();
      await rig.abuse(attacker, 3);
      const list = rig.memory.list('memory/ssh');
      const { list: read, apply } = list.calls;

      await reload(kernel, { jails: [jail({ name: 'ssh', banTimeMs: 5_000 })] });

      expect(list.calls).toMatchObject({ list: read, apply, flush: 0 });
      await rig.abuse(other, 3);
      await rig.pass(7_500);
      expect(list.targets).toEqual([attacker]);
    });

    it('keeps the filter of a jail, and its trouble', async () => {
      const rig = new KernelRig();
      const made: unknown[] = [];
      const filter = definePlugin({
        kind: 'filter',
        name: 'talker',
        apiVersion: 1,
        summary: 'Throws.',
        options: anyOptions,
        inject: [],
        create: ({ options }) => {
          made.push(options);
          return {
            match: () => {
              throw new Error('not today');
            },
          };
        },
      });
      const talker = (options: unknown) => [jail({ name: 'ssh', filter: use('talker', options) })];
      const kernel = await rig.start({ jails: talker({ a: 1 }) }, { plugins: [filter] });
      await rig.abuse(attacker);

      await reload(kernel, { jails: talker({ a: 1 }) });
      expect(made).toHaveLength(1);
      expect(await rig.jail()).toMatchObject({ state: 'degraded' });
      await reload(kernel, { jails: talker({ a: 2 }) });

      expect(made).toHaveLength(2);
      expect(await rig.jail()).toMatchObject({ state: 'ok', lines: 1 });
    });
  });

  describe('of a jail', () => {
    it.each([
      ['maxRetry', { maxRetry: 2 }, 1],
      ['findTime', { findTimeMs: 60_000 }, 3],
      ['findTime, a longer one', { findTimeMs: 1_200_000 }, 2],
    ])('counts again with another %s what the ledger has', async (_what, change, more) => {
      const rig = new KernelRig();
      const kernel = await rig.start();
      await rig.abuse(attacker);
      await rig.pass(120_000);

      await reload(kernel, { jails: [jail({ name: 'ssh', ...change })] });
      await rig.abuse(attacker, more - 1);
      expect(rig.memory.list('memory/ssh').targets).toEqual([]);
      await rig.abuse(attacker);

      expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
    });

    it('forgets nothing that counts when it comes in the middle of an old backlog', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start();
      const old = (afterMs: number) => rig.feed.push(abuse(attacker, afterMs), { live: false });
      await old(-86_400_000);
      await old(-86_399_000);

      await reload(kernel, { jails: [jail({ name: 'ssh', banTimeMs: null })] });
      await rig.pass(61_000);
      await old(-86_398_000);
      await rig.pass(100);

      expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
    });

    it('adds one: it counts from its first line, beside the others', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start();
      await rig.abuse(attacker, 2);

      const report = await reload(kernel, {
        jails: [jail({ name: 'ssh' }), jail({ name: 'quick', maxRetry: 1 })],
      });
      await rig.abuse(attacker);

      expect(report.jails).toEqual({ added: ['quick'], changed: [], removed: [] });
      expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
      expect(rig.memory.list('memory/quick').targets).toEqual([attacker]);
      expect(await rig.jail(0)).toMatchObject({ lines: 3 });
      expect(await rig.jail(1)).toMatchObject({ lines: 1 });
      // The same options: the source reads on for both.
      expect(rig.feed).toMatchObject({ started: 1, stopped: 0 });
    });

    it('removes one: its holds run to their end on a list that is still configured', async () => {
      const rig = new KernelRig();
      const jails = ['ssh', 'mail'].map((name) => jail({ name, actions: [shared('hosts')] }));
      const kernel = await rig.start({ jails });
      await rig.abuse(attacker, 3);
      const list = rig.memory.list('hosts');

      const report = await reload(kernel, { jails: jails.slice(1, 2) });
      await kernel.control.unban({ address: attacker, holder: 'mail' });
      await rig.pass(1_000);

      expect(report.jails.removed).toEqual(['ssh']);
      expect(list.targets).toEqual([attacker]);
      expect(await rig.control.bans({})).toMatchObject([
        { address: attacker, enforced: true, holds: [{ holder: 'ssh' }] },
      ]);
      await rig.pass(61_000);
      expect(list.targets).toEqual([]);
      expect(await rig.control.bans({})).toEqual([]);
    });

    it('removes one with its list: its bans stay on record, and are shown as not enforced', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start({ jails: [jail({ name: 'ssh' }), jail({ name: 'mail' })] });
      await rig.abuse(attacker, 3);

      const report = await reload(kernel, { jails: [jail({ name: 'mail' })] });

      expect(report).toMatchObject({
        emptied: [{ list: 'memory/ssh', removed: true }],
        stranded: [{ holder: 'ssh', bans: 1 }],
      });
      const [ban] = await rig.control.bans({});
      expect(ban).toMatchObject({ enforced: false });
      expect(ban?.holds.find(({ holder }) => holder === 'ssh')?.lists).toEqual([
        { list: 'memory/ssh', enforced: false, reason: 'the list is not configured' },
      ]);
      expect((await rig.control.status({})).bans).toEqual({ live: 1, notEnforced: 1 });
      const again = await reload(kernel, { jails: [jail({ name: 'ssh' })] });
      expect(again.stranded).toEqual([{ holder: 'mail', bans: 1 }]);
      await rig.pass(100);
      expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
    });

    it('removes one and restarts: its holds run to their end all the same', async () => {
      const rig = new KernelRig();
      const stateFolder = await rig.folder();
      const jails = ['ssh', 'mail'].map((name) => jail({ name, actions: [shared('hosts')] }));
      const first = await rig.start({ jails }, { stateFolder });
      await rig.abuse(attacker, 3);
      await first.control.unban({ address: attacker, holder: 'mail' });
      await first.stop();

      await rig.start({ jails: jails.slice(1) }, { stateFolder });
      await rig.pass(1_000);

      expect(rig.memory.list('hosts').targets).toEqual([attacker]);
      await rig.pass(61_000);
      expect(rig.memory.list('hosts').targets).toEqual([]);
    });

    it('has its lines for nobody afterwards', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start({ jails: [jail({ name: 'ssh' }), jail({ name: 'mail' })] });

      await reload(kernel, { jails: [jail({ name: 'mail' })] });
      await rig.abuse(attacker, 3);

      expect(await rig.control.bans({})).toMatchObject([{ holds: [{ holder: 'mail' }] }]);
      expect((await rig.control.status({})).jails).toHaveLength(1);
    });

    it('lets it go on observing, or enforce from now on', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start({ jails: [jail({ name: 'ssh', observe: true })] });
      await rig.abuse(attacker, 3);

      await reload(kernel);
      await rig.abuse(other, 3);

      expect(rig.memory.list('memory/ssh').targets).toEqual([other]);
    });
  });

  describe('of sources', () => {
    it('replaces one whose options change: the old one ends before the new one starts', async () => {
      const rig = new KernelRig();
      const order: string[] = [];
      const plugin = sourceThatTells(order);
      const jails = (options: unknown) => [
        jail({ name: 'ssh', sources: [use('feed'), use('told', options)] }),
      ];
      const kernel = await rig.start({ jails: jails({ a: 1 }) }, { plugins: [plugin] });
      order.length = 0;

      const report = await reload(kernel, { jails: jails({ a: 2 }) });

      expect(report.sources).toEqual({ added: [], changed: ['told'], removed: [] });
      expect(order).toEqual(['create 2', 'stop 1', 'start 2', 'dispose 1']);
      expect(rig.feed.started).toBe(1);
    });

    it('takes what a source hands over while it stops, for the jails of before', async () => {
      const rig = new KernelRig();
      const plugin = definePlugin({
        kind: 'source',
        name: 'socket',
        apiVersion: 1,
        summary: 'Has lines in its buffer that nobody else has.',
        options: anyOptions,
        inject: [],
        create: ({ uses }) => {
          let push: (() => Promise<void>) | undefined;
          return {
            start: async (feed) => {
              const bytes = Buffer.from(`${abuse(attacker)}\n`.repeat(3));
              const ids = uses.map(({ id }) => id);
              push = () =>
                feed.push({ stream: 'socket', uses: ids, bytes, bookmark: '', live: true });
            },
            stop: async () => {
              await push?.();
              push = undefined;
            },
          };
        },
      });
      const jails = (name: string) => [jail({ name: 'ssh', sources: [use(name)] })];
      const kernel = await rig.start({ jails: jails('socket') }, { plugins: [plugin] });

      await reload(kernel, { jails: jails('feed') });

      expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
    });

    it('reads on from the bookmark when it comes back', async () => {
      const rig = new KernelRig();
      const second = new LogFeed({ name: 'second' });
      const jails = (...names: string[]) => [
        jail({ name: 'ssh', sources: names.map((name) => use(name)) }),
      ];
      const kernel = await rig.start(
        { jails: jails('feed', 'second') },
        { plugins: [second.plugin] },
      );
      await second.push([abuse(attacker)], { stream: 'second' });

      await reload(kernel, { jails: jails('feed') });
      expect(second.stopped).toBe(1);
      second.append([abuse(attacker)], 'second');
      await reload(kernel, { jails: jails('feed', 'second') });
      await second.settled();

      expect(await rig.jail()).toMatchObject({ lines: 2, offences: 2 });
    });

    it('goes on when a source does not stop, and takes nothing from it any more', async () => {
      const rig = new KernelRig();
      let push: () => Promise<void> = async () => undefined;
      const plugin = definePlugin({
        kind: 'source',
        name: 'stubborn',
        apiVersion: 1,
        summary: 'Never stops.',
        options: anyOptions,
        inject: [],
        create: ({ uses }) => ({
          start: async (feed) => {
            const ids = uses.map(({ id }) => id);
            const bytes = Buffer.from(`${abuse(attacker)}\n`);
            push = () => feed.push({ stream: 'x', uses: ids, bytes, bookmark: '1', live: true });
          },
          stop: () => new Promise<void>(() => undefined),
        }),
      });
      const jails = (name: string) => [jail({ name: 'ssh', sources: [use(name)] })];
      const kernel = await rig.start({ jails: jails('stubborn') }, { plugins: [plugin] });

      const reloading = kernel.reload(kernelConfig({ jails: jails('feed') }));
      await rig.pass(6_000);
      await reloading;

      await expect(push()).rejects.toThrow('stopping');
      expect(rig.logger.lines).toContainEqual(
        expect.objectContaining({ event: 'source-stop-failed' }),
      );
      await rig.abuse(other, 3);
      expect(rig.memory.list('memory/ssh').targets).toEqual([other]);
    });

    it('shows a new one that does not start as degraded, with everything else in force', async () => {
      const rig = new KernelRig();
      const second = new LogFeed({ name: 'second' });
      const kernel = await rig.start({}, { plugins: [second.plugin] });
      second.failNextStart();

      await reload(kernel, {
        jails: [jail({ name: 'ssh' }), jail({ name: 'mail', sources: [use('second')] })],
      });

      expect(await rig.jail(0)).toMatchObject({ state: 'ok' });
      expect(await rig.jail(1)).toMatchObject({ name: 'mail', state: 'degraded' });
      await rig.pass(5_100);
      expect(await rig.jail(1)).toMatchObject({ state: 'ok' });
    });

    it('tells sources of another maxLine', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start();

      await reload(kernel, { maxLineBytes: 20 });
      await rig.abuse(attacker, 3);

      expect(rig.feed).toMatchObject({ started: 2, stopped: 1 });
      expect(await rig.jail()).toMatchObject({ oversized: 3, offences: 0 });
    });
  });

  describe('of lists', () => {
    const withAction = (...actions: PluginUse[]) => ({ jails: [jail({ name: 'ssh', actions })] });

    it('fills a new list before it empties the one that is gone', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start(withAction(shared('old')));
      await rig.abuse(attacker, 3);
      const [old, fresh] = [rig.memory.list('old'), rig.memory.list('new')];
      const atFlush: boolean[] = [];
      const flush = old.flush.bind(old);
      old.flush = async () => {
        atFlush.push(fresh.has(attacker));
        await flush();
      };

      const report = await reload(kernel, withAction(shared('new')));

      expect(report.lists).toEqual({ added: ['new'], changed: [], removed: ['old'] });
      expect(report.emptied).toEqual([{ list: 'old', removed: true }]);
      expect(atFlush).toEqual([true]);
      expect(old.targets).toEqual([]);
      expect(old.calls).toMatchObject({ stop: 1, dispose: 1 });
      expect(fresh.targets).toEqual([attacker]);
      expect((await rig.control.status({})).lists.map(({ list }) => list)).toEqual(['new']);
    });

    it.each([
      ['works', undefined],
      ['does not work yet', 'not installed'],
    ])('fills a list that %s before its jail leaves one that stays', async (_what, reason) => {
      const rig = new KernelRig();
      const jails = (name: string) => [
        jail({ name: 'ssh', actions: [shared(name)] }),
        jail({ name: 'mail', actions: [shared('old')], maxRetry: 4 }),
      ];
      const kernel = await rig.start({ jails: jails('old') });
      await rig.abuse(attacker, 3);
      await rig.abuse(other, 4);
      const [old, fresh] = [rig.memory.list('old'), rig.memory.list('new')];
      fresh.setUnavailable(reason);

      await reload(kernel, { jails: jails('new') });
      expect(old.targets).toEqual([attacker, other]);
      await rig.pass(5_000);

      expect(old.targets).toEqual(reason === undefined ? [other] : [attacker, other]);
      fresh.setUnavailable(undefined);
      await rig.pass(10_000);
      expect(fresh.targets).toEqual([attacker, other]);
      expect(old.targets).toEqual([other]);
    });

    it('takes only its own entries out of a list that others use too', async () => {
      const rig = new KernelRig();
      const hosts = memoryAction({ clock: rig.clock, name: 'hosts', ownership: 'shared' });
      const list = hosts.list('hosts/ssh');
      await list.start();
      await list.apply([{ op: 'add', target: '203.0.113.9', timeoutMs: null }]);
      const kernel = await rig.start(withAction(use('hosts')), { plugins: [hosts.plugin] });
      await rig.abuse(attacker, 3);

      const report = await reload(kernel, withAction(shared('new')));

      expect(report.emptied).toEqual([{ list: 'hosts/ssh', removed: true }]);
      expect(list.targets).toEqual(['203.0.113.9']);
    });

    it('tries again to empty a list, shows it meanwhile, and enforces nothing on it', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start(withAction(shared('old')));
      await rig.abuse(attacker, 3);
      const old = rig.memory.list('old');
      old.setUnavailable('the firewall is away');

      const report = await reload(kernel, withAction(shared('new')));

      expect(report.emptied).toMatchObject([{ list: 'old', removed: false }]);
      expect((await rig.control.status({})).lists[1]).toMatchObject({
        list: 'old',
        retired: true,
        state: 'degraded',
        reason: expect.stringContaining('the firewall is away'),
      });
      await rig.abuse(other, 3);
      expect(old.targets).toEqual([attacker]);
      expect(old.calls).toMatchObject({ stop: 0, dispose: 0 });
      old.setUnavailable(undefined);
      await rig.pass(10_000);
      expect(old.targets).toEqual([]);
      expect(old.calls).toMatchObject({ stop: 1, dispose: 1 });
      expect((await rig.control.status({})).lists).toHaveLength(1);
    });

    it('leaves a list as it is while the one that takes its place does not work', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start(withAction(shared('old')));
      await rig.abuse(attacker, 3);
      rig.memory.list('new').setUnavailable('not installed');

      const report = await reload(kernel, withAction(shared('new')));
      await rig.pass(20_000);

      const reason = expect.stringContaining('list new, which takes its place');
      expect(report.emptied).toEqual([{ list: 'old', removed: false, reason }]);
      expect(rig.memory.list('old').targets).toEqual([attacker]);
      rig.memory.list('new').setUnavailable(undefined);
      await rig.pass(39_000);
      expect(rig.memory.list('new').targets).toEqual([attacker]);
      expect(rig.memory.list('old').targets).toEqual([]);
    });

    it('leaves it as it is until the one that takes its place holds everything', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start(withAction(shared('old')));
      await rig.abuse(attacker, 3);
      const [old, fresh] = [rig.memory.list('old'), rig.memory.list('new')];
      const release = fresh.holdApplies();

      const reloading = kernel.reload(kernelConfig(withAction(shared('new'))));
      await rig.pass(15_000);
      const report = await reloading;

      expect(report.emptied).toMatchObject([{ list: 'old', removed: false }]);
      expect(old.targets).toEqual([attacker]);
      release();
      await rig.pass(10_000);
      expect(fresh.targets).toEqual([attacker]);
      expect(old.targets).toEqual([]);
    });

    it.each(['unban', 'allow', 'end'])(
      'lets go of whom nobody holds any more while it waits: %s',
      async (how) => {
        const rig = new KernelRig();
        const stays = [use('memory', { list: 'old' })];
        const kernel = await rig.start({
          jails: [
            jail({ name: 'ssh', actions: stays }),
            jail({ name: 'long', actions: stays, maxRetry: 4, banTimeMs: null }),
          ],
        });
        await rig.abuse(attacker, 3);
        await rig.abuse(other, 4);
        const old = rig.memory.list('old');
        // As in a list without timeouts.
        old.addForeign([attacker, other]);
        rig.memory.list('new').setUnavailable('not installed');
        await reload(kernel, {
          jails: [
            jail({ name: 'ssh', actions: [shared('new')] }),
            jail({ name: 'long', actions: [shared('new')], maxRetry: 4, banTimeMs: null }),
          ],
        });
        await rig.pass(1_000);
        expect(old.targets).toEqual([attacker, other]);

        if (how === 'unban') await rig.control.unban({ address: attacker, all: true });
        if (how === 'allow') await rig.control.allow({ address: attacker, forMs: null });
        await rig.pass(how === 'end' ? 62_000 : 100);

        expect(old.targets).toEqual([other]);
      },
    );

    it.each(['flush', 'flush of this list', 'stop'])(
      'empties it without waiting when it is told to: %s',
      async (how) => {
        const rig = new KernelRig();
        const kernel = await rig.start(withAction(shared('old')));
        await rig.abuse(attacker, 3);
        rig.memory.list('new').setUnavailable('not installed');
        await reload(kernel, withAction(shared('new')));

        if (how === 'stop') await kernel.stop({ flush: true });
        else {
          const { lists } = await rig.control.flush(how === 'flush' ? {} : { list: 'old' });
          expect(lists).toContainEqual({ list: 'old', removed: true });
        }

        expect(rig.memory.list('old').targets).toEqual([]);
      },
    );

    it('does not wait for a list that never worked and holds nothing', async () => {
      const rig = new KernelRig();
      const old = rig.memory.list('old');
      old.setUnavailable('not installed');
      const kernel = await rig.start(withAction(shared('old')));

      const report = await reload(kernel, withAction(shared('new')));

      expect(report.emptied).toEqual([{ list: 'old', removed: true }]);
      expect(old.calls).toMatchObject({ stop: 1, dispose: 1 });
      expect((await rig.control.status({})).lists).toHaveLength(1);
    });

    it('waits for one that never worked in this life and holds something of an earlier one', async () => {
      const rig = new KernelRig();
      const stateFolder = await rig.folder();
      const old = rig.memory.list('old');
      const first = await rig.start(withAction(shared('old')), { stateFolder });
      await rig.abuse(attacker, 3);
      await first.stop();
      old.setUnavailable('gone for now');
      const kernel = await rig.start(withAction(shared('old')), { stateFolder });

      const report = await reload(kernel, withAction(shared('new')));

      expect(report.emptied).toMatchObject([{ list: 'old', removed: false }]);
      old.setUnavailable(undefined);
      await rig.pass(10_000);
      expect(old.targets).toEqual([]);
    });

    it('enforces a list again that comes back before it could be emptied', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start(withAction(shared('old')));
      await rig.abuse(attacker, 3);
      const old = rig.memory.list('old');
      old.setUnavailable('the firewall is away');
      await reload(kernel, withAction(shared('new')));

      const coming = reload(kernel, withAction(shared('old'), shared('new')));
      old.setUnavailable(undefined);
      await coming;
      expect(old.calls).toMatchObject({ stop: 1, dispose: 1 });
      await rig.pass(100_000);
      await rig.abuse(other, 3);

      expect(old.targets).toEqual([other]);
      const { lists } = await rig.control.status({});
      expect(lists).toMatchObject([{ list: 'old', state: 'ok' }, { list: 'new' }]);
    });

    it('hands a list with other options over, without emptying it', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start(withAction(shared('same', { drop: 1 })));
      await rig.abuse(attacker, 3);
      const list = rig.memory.list('same');
      const before = { ...list.calls };

      const report = await reload(kernel, withAction(shared('same', { drop: 2 })));
      await rig.abuse(other, 3);

      expect(report.lists).toEqual({ added: [], changed: ['same'], removed: [] });
      expect(list.calls).toMatchObject({
        start: before.start + 1,
        stop: before.stop + 1,
        dispose: before.dispose + 1,
        flush: 0,
      });
      expect(list.targets).toEqual([attacker, other]);
      const ops = list.batches.flat().map(({ op, target }) => `${op} ${target}`);
      expect(ops).toEqual([`add ${attacker}`, `add ${other}`]);
    });

    it('starts the successor of a list only when its last call has ended', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start(withAction(shared('same', { drop: 1 })));
      const list = rig.memory.list('same');
      const release = list.holdApplies();
      await rig.abuse(attacker, 3);
      const { start } = list.calls;

      const reloading = kernel.reload(kernelConfig(withAction(shared('same', { drop: 2 }))));
      await settle();
      expect(list.calls.start).toBe(start);
      release();
      await reloading;
      await settle();

      expect(list.calls.start).toBe(start + 1);
      expect(list.targets).toEqual([attacker]);
    });

    it('brings holds to a list that a jail joins', async () => {
      const rig = new KernelRig();
      const jails = (second: string) => [
        jail({ name: 'ssh', actions: [shared('a')] }),
        jail({ name: 'mail', actions: [shared(second)], maxRetry: 1 }),
      ];
      const kernel = await rig.start({ jails: jails('b') });
      await rig.abuse(attacker);

      await reload(kernel, { jails: jails('a') });

      expect(rig.memory.list('a').targets).toEqual([attacker]);
      expect(rig.memory.list('b').targets).toEqual([]);
      expect((await rig.control.status({})).lists).toMatchObject([
        { list: 'a', holders: ['ssh', 'mail'], enforced: 1 },
      ]);
    });

    it('enforces lists again that were flushed', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start();
      await rig.abuse(attacker, 3);
      await kernel.control.flush({});
      expect(rig.memory.list('memory/ssh').targets).toEqual([]);

      await reload(kernel);
      await rig.pass(100);

      expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
      expect((await rig.control.status({})).lists).toMatchObject([{ paused: false }]);
    });

    it('leaves a list that waits to be emptied alone when it only observes from now on', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start(withAction(shared('old')));
      await rig.abuse(attacker, 3);
      const old = rig.memory.list('old');
      old.setUnavailable('the firewall is away');
      await reload(kernel, withAction(shared('new')));

      await reload(kernel, { ...withAction(shared('new')), observe: true });
      old.setUnavailable(undefined);
      await rig.pass(10_000);

      expect(old.targets).toEqual([attacker]);
      expect(old.calls).toMatchObject({ stop: 1, dispose: 1 });
      await reload(kernel, withAction(shared('new')));
      expect(old.targets).toEqual([]);
    });

    it('leaves the firewall alone when it only observes from now on', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start(withAction(shared('old')));
      await rig.abuse(attacker, 3);

      const report = await reload(kernel, { ...withAction(shared('new')), observe: true });
      await rig.abuse(other, 3);

      expect(report.emptied).toEqual([]);
      expect(rig.memory.list('old').targets).toEqual([attacker]);
      expect(rig.memory.list('old').calls).toMatchObject({ stop: 1, dispose: 1 });
      expect(rig.memory.list('new').calls.start).toBe(0);
      await reload(kernel, withAction(shared('new')));
      expect(rig.memory.list('old').targets).toEqual([]);
      expect(rig.memory.list('new').targets).toEqual([attacker]);
    });
  });

  describe('of lists between two starts', () => {
    const withList = (name: string) => ({
      jails: [jail({ name: 'ssh', actions: [shared(name)] })],
    });

    it('empties a list that is not configured any more, after the others', async () => {
      const rig = new KernelRig();
      const stateFolder = await rig.folder();
      const first = await rig.start(withList('old'), { stateFolder });
      await rig.abuse(attacker, 3);
      await first.stop();

      await rig.start(withList('new'), { stateFolder });
      await rig.pass(100);

      expect(rig.memory.list('new').targets).toEqual([attacker]);
      expect(rig.memory.list('old').targets).toEqual([]);
      expect((await rig.control.status({})).lists).toHaveLength(1);
    });

    it('does not while the one that takes its place does not work', async () => {
      const rig = new KernelRig();
      const stateFolder = await rig.folder();
      const first = await rig.start(withList('old'), { stateFolder });
      await rig.abuse(attacker, 3);
      await first.stop();
      rig.memory.list('new').setUnavailable('not installed');

      await rig.start(withList('new'), { stateFolder });
      await rig.pass(10_000);

      expect(rig.memory.list('old').targets).toEqual([attacker]);
      rig.memory.list('new').setUnavailable(undefined);
      await rig.pass(40_000);
      expect(rig.memory.list('new').targets).toEqual([attacker]);
      expect(rig.memory.list('old').targets).toEqual([]);
    });

    it('does so also when it could not be written down at first how that list was made', async () => {
      const rig = new KernelRig();
      const stateFolder = await rig.folder();
      const first = await rig.start({}, { stateFolder });
      const spy = vi.spyOn(SqliteLedger.prototype, 'putNotes').mockImplementation(() => {
        throw new CommandError('STATE_UNWRITABLE', 'the disk is full');
      });
      onTestFinished(() => spy.mockRestore());
      await reload(first, withList('old'));
      spy.mockRestore();
      await rig.abuse(attacker, 3);
      await rig.pass(1_500);
      await first.stop();

      await rig.start(withList('new'), { stateFolder });
      await rig.pass(100);

      expect(rig.memory.list('new').targets).toEqual([attacker]);
      expect(rig.memory.list('old').targets).toEqual([]);
    });

    it('does so once', async () => {
      const rig = new KernelRig();
      const stateFolder = await rig.folder();
      const first = await rig.start(withList('old'), { stateFolder });
      await rig.abuse(attacker, 3);
      await first.stop();
      const second = await rig.start(withList('new'), { stateFolder });
      await rig.pass(100);
      await second.stop();
      const { flush } = rig.memory.list('old').calls;

      await rig.start(withList('new'), { stateFolder });
      await rig.pass(100);

      expect(flush).toBe(1);
      expect(rig.memory.list('old').calls.flush).toBe(1);
    });

    it('does not touch a shared list that holds nothing of its own', async () => {
      const rig = new KernelRig();
      const stateFolder = await rig.folder();
      const hosts = memoryAction({ clock: rig.clock, name: 'hosts', ownership: 'shared' });
      const plugins = [hosts.plugin];
      const jails = [jail({ name: 'ssh', actions: [use('hosts')] })];
      const first = await rig.start({ jails }, { stateFolder, plugins });
      await rig.abuse(attacker, 3);
      await rig.pass(62_000);
      await first.stop();
      const before = { ...hosts.list('hosts/ssh').calls };

      await rig.start({}, { stateFolder, plugins });
      await rig.pass(1_000);

      expect(hosts.list('hosts/ssh').calls).toEqual(before);
      expect((await rig.control.status({})).lists).toHaveLength(1);
    });

    it('says so while its action is not known, and empties it when that is known again', async () => {
      const rig = new KernelRig();
      const stateFolder = await rig.folder();
      const gone = memoryAction({ clock: rig.clock, name: 'gone' });
      const plugins = [gone.plugin];
      const jails = [jail({ name: 'ssh', actions: [use('gone')] })];
      const first = await rig.start({ jails }, { stateFolder, plugins });
      await rig.abuse(attacker, 3);
      await first.stop();

      const second = await rig.start({}, { stateFolder });
      await rig.pass(100);
      expect((await rig.control.status({})).lists[1]).toMatchObject({
        list: 'gone/ssh',
        action: 'gone',
        retired: true,
        state: 'degraded',
        reason: expect.stringContaining('there is no action named "gone"'),
      });
      expect(gone.list('gone/ssh').targets).toEqual([attacker]);
      expect((await reload(second)).emptied).toMatchObject([{ list: 'gone/ssh', removed: false }]);
      await second.stop();
      await rig.start({}, { stateFolder, plugins });
      await rig.pass(100);

      expect(gone.list('gone/ssh').targets).toEqual([]);
      expect((await rig.control.status({})).lists).toHaveLength(1);
    });
  });

  describe('of everything else', () => {
    it('lifts the bans of whom it never bans from now on, and protects by names', async () => {
      const rig = new KernelRig();
      rig.names = { 'office.example.org': [other] };
      const kernel = await rig.start();
      await rig.abuse(attacker, 3);
      await rig.abuse(other, 3);

      await reload(kernel, { neverBan: [attacker, 'office.example.org'] });
      await rig.pass(100);

      expect(rig.memory.list('memory/ssh').targets).toEqual([]);
      await reload(kernel, { neverBan: ['office.example.org'] });
      await rig.abuse(attacker, 3);
      await rig.abuse(other, 3);
      expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
    });

    it('keeps the bans that the fuse has counted', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start();
      await rig.abuse(attacker, 3);

      await reload(kernel, { fuse: { bans: 1, withinMs: 120_000 } });
      expect((await rig.control.status({})).fuse).toMatchObject({ recent: 1, tripped: false });
      await rig.abuse(other, 3);

      expect((await rig.control.status({})).fuse).toMatchObject({ recent: 2, tripped: true });
    });

    it('gives what waits for a notifier to its successor', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start();
      // The first try, and the last chance when it is replaced.
      rig.recorder.failNext(2);
      await rig.abuse(attacker, 3);
      await rig.pass(100);
      expect(rig.recorder.notices).toEqual([]);

      const report = await reload(kernel, { notifiers: [use('recorder', { to: 'x' })] });
      await rig.pass(100);

      expect(report.notifiers.changed).toEqual(['recorder']);
      expect(rig.recorder.attempts).toBe(3);
      expect(rig.recorder.notices).toMatchObject([{ kind: 'ban', address: attacker }]);
    });

    it('lets a notifier finish before its successor begins, and counts on', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start();
      await rig.abuse(other, 3);
      const release = rig.recorder.hold();
      await rig.abuse(attacker, 3);
      expect(rig.recorder.attempts).toBe(2);

      const reloading = kernel.reload(kernelConfig({ notifiers: [use('recorder', { to: 'x' })] }));
      await rig.pass(1_000);
      expect(rig.recorder.attempts).toBe(2);
      release();
      await reloading;
      await rig.pass(1_000);

      expect(rig.recorder.notices.map(({ address }) => address)).toEqual([other, attacker]);
      expect((await rig.control.status({})).notifiers).toMatchObject([{ delivered: 2, queued: 0 }]);
    });

    it('bans by an admin go to the default lists of now', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start({ defaultActions: [shared('a')] });
      await kernel.control.ban({ address: attacker });

      await reload(kernel, { defaultActions: [shared('b')], defaultBanTimeMs: 5_000 });
      await kernel.control.ban({ address: other });
      await rig.pass(100);

      expect(rig.memory.list('a').targets).toEqual([]);
      expect(rig.memory.list('b').targets).toEqual([attacker, other]);
      await rig.pass(8_000);
      expect(rig.memory.list('b').targets).toEqual([attacker]);
    });
  });

  describe('while the disk is full', () => {
    const full = () => {
      const spy = vi.spyOn(SqliteLedger.prototype, 'commit').mockImplementation(() => {
        throw new CommandError('STATE_UNWRITABLE', 'database or disk is full');
      });
      onTestFinished(() => spy.mockRestore());
      return { free: () => spy.mockRestore() };
    };

    it('has a new source begin where the last one ended, not where the disk did', async () => {
      const rig = new KernelRig();
      const log = new TailedLog();
      const kernel = await rig.start({ jails: [both('ssh', 1)] }, { plugins: [log.plugin] });
      const disk = full();
      log.append(abuse(attacker));
      log.append(abuse(attacker));
      await vi.waitFor(() => expect(log.isRead).toBe(true));
      await settle();

      await reload(kernel, { jails: [both('ssh', 2)] });
      await vi.waitFor(() => expect(log.isRead).toBe(true));
      disk.free();

      expect(await rig.jail()).toMatchObject({ offences: 2, banned: 0 });
    });

    it('counts again what waits for it as well', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start();
      await rig.abuse(other, 3);
      const disk = full();
      await rig.abuse(attacker, 1);
      await rig.pass(62_000);

      await reload(kernel, { jails: [jail({ name: 'ssh', maxRetry: 2 })] });
      await rig.abuse(attacker);
      await rig.abuse(other);

      expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
      disk.free();
      await rig.pass(5_000);
      expect((await rig.control.status({})).state).toMatchObject({ state: 'ok' });
    });
  });

  describe('that cannot be', () => {
    const failing = definePlugin({
      kind: 'action',
      name: 'failing',
      apiVersion: 1,
      summary: 'Cannot be created.',
      options: anyOptions,
      inject: [],
      ownership: 'own',
      scope: 'jail',
      create: () => {
        throw new Error('no such firewall here');
      },
    });

    it.each([
      [
        'names nobody knows',
        {
          jails: [
            jail({ name: 'ssh', filter: use('scriptet') }),
            jail({ name: 'Mail', actions: [] }),
          ],
        },
        ['there is no filter named "scriptet"', 'the name of a jail', 'has no actions'],
      ],
      [
        'a plugin throws',
        {
          jails: [jail({ name: 'new', actions: [use('failing'), use('memory')] })],
        },
        ['no such firewall here'],
      ],
    ] as const)('changes nothing when %s, and says all of it', async (_what, config, messages) => {
      const rig = new KernelRig();
      const kernel = await rig.start({}, { plugins: [failing] });
      await rig.abuse(attacker, 2);
      const before = await rig.control.status({});

      const error: unknown = await reload(kernel, config).catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(ConfigError);
      const problems = (error as ConfigError).problems.map(({ message }) => message).join('\n');
      for (const message of messages) expect(problems).toContain(message);
      expect(await rig.control.status({})).toEqual(before);
      expect(rig.feed).toMatchObject({ started: 1, stopped: 0 });
      expect(rig.memory.list('memory/ssh').calls).toMatchObject({ stop: 0, dispose: 0 });
      expect(rig.memory.list('memory/new').calls.start).toBe(0);
      await rig.abuse(attacker);
      expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
    });

    it('releases what was created for nothing', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start({}, { plugins: [failing] });

      await reload(kernel, {
        jails: [jail({ name: 'new', actions: [use('memory'), use('failing')] })],
      }).catch(() => undefined);

      expect(rig.memory.list('memory/new').calls.dispose).toBe(1);
      expect(rig.memory.list('memory/ssh').calls.dispose).toBe(0);
    });

    it('is refused before the start and after the stop', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start();
      await kernel.stop();

      await expect(kernel.reload(kernelConfig())).rejects.toMatchObject({ code: 'REFUSED' });
    });
  });

  describe('beside other things', () => {
    it('waits for an earlier one; the later configuration counts', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start();
      const named = (name: string) => kernelConfig({ jails: [jail({ name })] });

      const reports = await Promise.all([
        kernel.reload(named('one')),
        kernel.reload(named('two')),
        kernel.reload(kernelConfig({ jails: [jail({ name: 'BAD' })] })).catch(() => 'refused'),
        kernel.reload(named('three')),
      ]);
      await settle();

      expect(reports[2]).toBe('refused');
      expect(reports).toMatchObject([
        { jails: { added: ['one'], removed: ['ssh'] } },
        { jails: { added: ['two'], removed: ['one'] } },
        'refused',
        { jails: { added: ['three'], removed: ['two'] } },
      ]);
      expect((await rig.control.status({})).lists.map(({ list }) => list)).toEqual([
        'memory/three',
      ]);
    });

    it('is given up when the kernel stops before the new one is in force', async () => {
      const rig = new KernelRig();
      const entered = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      const slow = { ...scriptedFilter(), name: 'slow' };
      slow.options = {
        '~standard': {
          ...slow.options['~standard'],
          validate: async (value: unknown) => {
            entered.resolve();
            await gate.promise;
            return { value };
          },
        },
      };
      const kernel = await rig.start({}, { plugins: [slow] });

      const reloading = kernel.reload(
        kernelConfig({ jails: [jail({ name: 'new', filter: use('slow') })] }),
      );
      const refused = expect(reloading).rejects.toMatchObject({ code: 'REFUSED' });
      await entered.promise;
      const stopping = kernel.stop();
      gate.resolve();
      await stopping;
      await refused;

      const list = rig.memory.list('memory/new');
      expect(list.calls).toMatchObject({ start: 0, dispose: 1 });
      expect(rig.memory.list('memory/ssh').calls.dispose).toBe(1);
    });

    it('leaves nothing in a list that is just handed over when a stop flushes', async () => {
      const rig = new KernelRig();
      const config = (drop: number) => ({
        jails: [jail({ name: 'ssh', actions: [shared('same', { drop })] })],
      });
      const kernel = await rig.start(config(1));
      const list = rig.memory.list('same');
      const release = list.holdApplies();
      await rig.abuse(attacker, 3);
      const reloading = kernel.reload(kernelConfig(config(2)));
      await settle();

      const stopping = kernel.stop({ flush: true });
      release();
      await stopping;
      await reloading;

      expect(list.targets).toEqual([]);
    });

    it('ends with the kernel when a list is just handed over', async () => {
      const rig = new KernelRig();
      const config = (drop: number) => ({
        jails: [jail({ name: 'ssh', actions: [shared('same', { drop })] })],
      });
      const kernel = await rig.start(config(1));
      const list = rig.memory.list('same');
      const release = list.holdApplies();
      await rig.abuse(attacker, 3);
      const { start } = list.calls;
      const reloading = kernel.reload(kernelConfig(config(2)));
      await settle();

      const stopping = kernel.stop();
      release();
      await stopping;
      await reloading;

      expect(list.calls.start).toBe(start);
      expect(list.targets).toEqual([attacker]);
      expect(list.calls.dispose).toBe(2);
    });

    it('loses no line and counts none twice, whatever is reloaded when', async () => {
      const rig = new KernelRig();
      const log = new TailedLog();
      const variants: Config[] = [
        { jails: [both('ssh', 1)] },
        { jails: [both('ssh', 2)] },
        { jails: [both('ssh', 1), both('mail', 2)] },
        { jails: [both('ssh', 2)], neverBan: ['203.0.113.0/24'] },
        { jails: [jail({ name: 'BAD' })] },
        { jails: [both('ssh', 1)], maxLineBytes: 1_000 },
        { jails: [both('ssh', 1)], maxTracked: 500 },
      ];
      const kernel = await rig.start(variants[0], { plugins: [log.plugin] });
      const lines = 400;
      let reloads: Promise<unknown>[] = [];

      // Every address three times, far apart.
      for (let line = 0; line < lines * 3; line++) {
        log.append(abuse(`198.18.${line % 4}.${Math.floor(line / 4) % (lines / 4)}`));
        await Promise.resolve();
        if (line % 7 === 0) {
          reloads.push(
            kernel
              .reload(kernelConfig(variants[(line / 7) % variants.length]))
              .catch(() => undefined),
          );
        }
        if (line % 50 === 0) {
          await Promise.all(reloads);
          reloads = [];
        }
      }
      await Promise.all(reloads);
      await reload(kernel, variants[1]);
      await vi.waitFor(() => expect(log.isRead).toBe(true));
      await settle();

      const bans = await rig.control.bans({});
      const counted = bans.filter(({ holds }) => holds.some(({ holder }) => holder === 'ssh'));
      expect(counted).toHaveLength(lines);
      expect(await rig.jail()).toMatchObject({ offences: lines * 3, banned: lines });
    });
  });
});

function both(name: string, option: number) {
  return jail({ name, sources: [use('feed'), use('tailed', { option })] });
}

/** A log that is read as a file is: from the bookmark to the end, then as it grows. */
class TailedLog {
  readonly plugin = definePlugin({
    kind: 'source',
    name: 'tailed',
    apiVersion: 1,
    summary: 'Follows a log.',
    options: anyOptions,
    inject: [],
    create: ({ uses }) => {
      let work: Promise<void> | undefined;
      let isStopped = false;
      return {
        start: async (feed) => {
          work = this.#follow(
            feed,
            uses.map(({ id }) => id),
            () => isStopped,
          );
        },
        stop: async () => {
          isStopped = true;
          this.#grown.resolve();
          await work;
        },
      };
    },
  });
  readonly #lines: string[] = [];
  #grown = Promise.withResolvers<void>();
  #at = 0;
  #readers = 0;

  get isRead(): boolean {
    return this.#at === this.#lines.length;
  }

  append(line: string): void {
    this.#lines.push(`${line}\n`);
    this.#grown.resolve();
  }

  async #follow(
    feed: SourceFeed,
    uses: readonly string[],
    isStopped: () => boolean,
  ): Promise<void> {
    if (this.#readers++ > 0) throw new Error('two of them read at once');
    this.#at = Number(feed.bookmark('tailed') ?? 0);
    while (!isStopped()) {
      const end = Math.min(this.#at + 5, this.#lines.length);
      if (end === this.#at) {
        this.#grown = Promise.withResolvers<void>();
        await this.#grown.promise;
        continue;
      }
      const bytes = Buffer.from(this.#lines.slice(this.#at, end).join(''));
      await feed.push({ stream: 'tailed', uses, bytes, bookmark: String(end), live: false });
      this.#at = end;
    }
    this.#readers--;
  }
}

/** Writes down what becomes of its instances. */
function sourceThatTells(order: string[]) {
  let made = 0;
  return definePlugin({
    kind: 'source',
    name: 'told',
    apiVersion: 1,
    summary: 'Tells.',
    options: anyOptions,
    inject: [],
    create: () => {
      const number = ++made;
      order.push(`create ${number}`);
      return {
        start: async () => void order.push(`start ${number}`),
        stop: async () => {
          await settle();
          order.push(`stop ${number}`);
        },
        dispose: async () => void order.push(`dispose ${number}`),
      };
    },
  });
}
