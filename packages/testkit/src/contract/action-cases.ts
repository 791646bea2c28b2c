import assert from 'node:assert/strict';
import type { Action, Target } from '@remand/api';
import { type ActionUnderTest, add, type Entries, extend, remove } from './action-under-test.ts';

export interface ActionCase {
  readonly title: string;
  /** Whether it needs a firewall that outlives the instance. */
  readonly outlives?: boolean;
  readonly run: (test: ActionUnderTest) => Promise<void>;
}

const hour = 3_600_000;
/** Firewalls count in seconds, and a slow machine takes some. */
const toleranceMs = 5_000;

const v4 = '198.51.100.1';
const v6 = '2001:db8::1';
/** inet_ntop(3) prints its end as a dotted quad, the kernel of remand does not. */
const v6dotted = '::102:304';
const v6net = '2001:db8:0:1::/64';
const v4net = '203.0.113.0/24';
/** What could be read as an argument, a second command, a name or everybody. */
const hostile: readonly Target[] = [
  '198.51.100.9 -j ACCEPT',
  '198.51.100.9\nCOMMIT\n*nat\n-F',
  '198.51.100.9; flush ruleset',
  '198.51.100.9 timeout 0',
  '$(id)',
  '-F',
  '--help',
  'localhost',
  'fed.de',
  '@set',
  '198.51.100.9/99',
  '198.51.100.999',
  '2001:db8::g',
  '2001:db8::1%eth0',
  '',
];

export const actionCases: readonly ActionCase[] = [
  {
    title: 'adds, and lists what it added with the time that is left',
    run: async (test) => {
      const action = await test.started();
      const targets = enterable(action, [v4, v6, v6dotted, v6net, v4net]);

      await test.apply(action, [
        ...targets.map((one) => add(one, hour)),
        add('198.51.100.2', null),
      ]);

      const entries = await test.entries(action);
      for (const target of targets) isLeft(action, entries, target, hour);
      isLeft(action, entries, '198.51.100.2', null);
    },
  },
  {
    title: 'extends, shortens, and takes the end from an entry',
    run: async (test) => {
      const action = await test.started();
      const [endless = v4] = enterable(action, [v6net]);
      await test.apply(action, [add(v4, hour), add('198.51.100.2', hour), add(endless, hour)]);

      await test.apply(action, [
        extend(v4, 2 * hour),
        extend('198.51.100.2', hour / 60),
        extend(endless, null),
      ]);

      const entries = await test.entries(action);
      if (endless !== v4) isLeft(action, entries, v4, 2 * hour);
      isLeft(action, entries, '198.51.100.2', hour / 60);
      isLeft(action, entries, endless, null);
    },
  },
  {
    title: 'takes an add of what is there, an extend of what is not and a removal of what is gone',
    run: async (test) => {
      const action = await test.started();
      await test.apply(action, [add(v4, hour)]);

      await test.apply(action, [add(v4, hour), extend('198.51.100.2', hour)]);
      await test.apply(action, [remove('198.51.100.3'), remove(v4)]);
      await test.apply(action, [remove(v4)]);

      isListed(await test.entries(action), [v4, '198.51.100.3'], false);
      isListed(await test.entries(action), ['198.51.100.2'], true);
    },
  },
  {
    title: 'removes, adds and extends in one batch, in both families',
    run: async (test) => {
      const action = await test.started();
      const old = enterable(action, [v4, v6, v6dotted, v6net]);
      const fresh = enterable(action, ['198.51.100.7', '2001:db8::7', '2001:db8:0:7::/64']);
      await test.apply(
        action,
        old.map((one) => add(one, hour)),
      );

      await test.apply(action, [...old.map(remove), ...fresh.map((one) => add(one, hour))]);

      isListed(await test.entries(action), old, false);
      isListed(await test.entries(action), fresh, true);
    },
  },
  {
    title: 'keeps a range and an address in it apart',
    run: async (test) => {
      const action = await test.started();
      if (!action.limits.ranges) return;
      const [net, inside] = [v4net, '203.0.113.7'];
      await test.apply(action, [add(net, hour), add(inside, hour)]);

      await test.apply(action, [remove(net)]);

      isListed(await test.entries(action), [net], false);
      isListed(await test.entries(action), [inside], true);
    },
  },
  {
    title: 'refuses what its limits exclude, takes the longest time that they name',
    run: async (test) => {
      const action = await test.started();
      const { families, ranges, maxTimeoutMs } = action.limits;
      const outside = [...(families.includes(6) ? [] : [v6]), ...(ranges ? [] : [v4net])];
      for (const target of outside) {
        const applied = await test.tryToApply(action, [add(target, null)]).catch(() => undefined);
        if (applied)
          assert.deepEqual(
            applied.refused.map(({ index }) => index),
            [0],
          );
      }

      await test.apply(action, [add(v4, maxTimeoutMs === 0 ? null : maxTimeoutMs)]);

      isListed(await test.entries(action), outside, false);
      isLeft(action, await test.entries(action), v4, maxTimeoutMs === 0 ? null : maxTimeoutMs);
    },
  },
  {
    title: 'lets an entry end by itself where it counts down, and then removes it all the same',
    run: async (test) => {
      const action = await test.started();
      await test.apply(action, [add(v4, 1_000), add('198.51.100.2', hour)]);

      await test.rig.passTime(2_500);

      const entries = await test.entries(action);
      isListed(entries, [v4], action.limits.maxTimeoutMs === 0);
      isListed(entries, ['198.51.100.2'], true);
      await test.apply(action, [remove(v4)]);
      isListed(await test.entries(action), [v4], false);
    },
  },
  {
    title: 'takes 5 000 entries in one batch, and takes them out in another',
    run: async (test) => {
      const action = await test.started();
      const most = Math.min(5_000, action.limits.maxEntries ?? Number.POSITIVE_INFINITY);
      const many = Array.from({ length: most }, (_, n) => `198.18.${n >> 8}.${n & 255}`);

      await test.apply(
        action,
        many.map((one) => add(one, hour)),
      );
      isListed(await test.entries(action), many, true);
      await test.apply(action, many.slice(1).map(remove));

      const entries = await test.entries(action);
      isListed(entries, many.slice(1), false);
      isListed(entries, many.slice(0, 1), true);
    },
  },
  {
    title: 'never takes an entry for anything but an address',
    run: async (test) => {
      const before = await test.rig.dump();
      const action = await test.started();
      await test.apply(action, [add(v4, hour)]);
      const known = new Set((await test.entries(action)).keys());

      for (const target of hostile) {
        for (const change of [add(target, hour), extend(target, hour), remove(target)]) {
          const applied = await test.tryToApply(action, [change]).catch(() => undefined);
          if (applied) hasIndexes(applied.refused, 1);
          const entries = await test.entries(action);
          assert.ok(entries.has(v4), `${JSON.stringify(change)} took out another entry`);
          for (const listed of entries.keys()) {
            const isExpected = known.has(listed) || listed === target;
            assert.ok(isExpected, `${JSON.stringify(change)} entered ${listed}`);
          }
        }
      }

      await test.takeOut(action, [v4]);
      assert.equal(await test.rig.dump(), before);
    },
  },
  {
    title: 'keeps what is in over a second start',
    run: async (test) => {
      const action = await test.started();
      const targets = enterable(action, [v4, v6net]);
      await test.apply(
        action,
        targets.map((one) => add(one, hour)),
      );

      await action.start(test.signal);

      const entries = await test.entries(action);
      for (const target of targets) isLeft(action, entries, target, hour);
    },
  },
  {
    title: 'puts right what an earlier life made with other options, and lets nobody in meanwhile',
    outlives: true,
    run: async (test) => {
      const before = await test.rig.dump();
      for (const [old, now] of test.changesOfOptions) {
        const afresh = await test.started('contract', now);
        // One of a family: how a firewall orders its entries means nothing.
        const targets = enterable(afresh, [v4, v6net]);
        const adds = targets.map((one) => add(one, null));
        await test.apply(afresh, adds);
        const wanted = await test.rig.dump();
        await test.takeOut(afresh, targets);
        await test.apply(await test.started('contract', old), adds);
        const next = test.create('contract', now);

        await test.whileStopping(v4, () => next.start(test.signal));

        const entries = await test.entries(next);
        assert.deepEqual([...entries.keys()].sort(), [...targets].sort());
        assert.equal(await test.rig.dump(), wanted);
        await test.takeOut(next, targets);
        assert.equal(await test.rig.dump(), before);
      }
    },
  },
  {
    title: 'removes every trace of itself and nothing else, also twice and before a start',
    run: async (test) => {
      const before = await test.rig.dump();
      const action = await test.started();
      const targets = enterable(action, [v4, v6, v6net]);
      await test.apply(
        action,
        targets.map((one) => add(one, hour)),
      );

      await test.takeOut(action, targets);
      assert.equal(await test.rig.dump(), before);
      await test.takeOut(test.create(), targets);
      assert.equal(await test.rig.dump(), before);

      await action.start(test.signal);
      await test.apply(action, [add(v4, hour)]);
      isListed(await test.entries(action), [v4], true);
      await test.takeOut(test.create(), [v4]);
    },
  },
  {
    title: 'leaves the list of another holder alone',
    run: async (test) => {
      const [action, other] = [await test.started(), await test.started('neighbour')];
      await test.apply(other, [add('198.51.100.2', hour)]);
      await test.apply(action, [add(v4, hour)]);

      await test.takeOut(action, [v4]);

      isListed(await test.entries(other), ['198.51.100.2'], true);
      await test.takeOut(other, ['198.51.100.2']);
    },
  },
  {
    title: 'can be stopped and disposed of before a start, and twice',
    run: async (test) => {
      const action = test.create();

      for (const _ of [1, 2]) {
        await action.stop?.(1_000);
        await action.dispose?.();
      }
    },
  },
  {
    title: 'leaves all in when it stops, and is seen by the next instance',
    outlives: true,
    run: async (test) => {
      const action = await test.started();
      const targets = enterable(action, [v4, v6, v6net]);
      await test.apply(
        action,
        targets.map((one) => add(one, hour)),
      );

      await action.stop?.(1_000);
      await action.dispose?.();

      const next = await test.started();
      for (const target of targets) isLeft(next, await test.entries(next), target, hour);
      await test.apply(next, targets.map(remove));
      isListed(await test.entries(next), targets, false);
    },
  },
  {
    title: 'calls a firewall that does not answer unavailable, not empty, and works on after it',
    outlives: true,
    run: async (test) => {
      const action = await test.started();
      await test.apply(action, [add(v4, hour)]);

      await test.cutOff(true);
      const listing = await action.list(test.signal);
      await assert.rejects(test.tryToApply(action, [add('198.51.100.2', hour)]));
      await assert.rejects(action.start(test.signal));
      await test.cutOff(false);

      assert.equal(listing.state, 'unavailable');
      assert.notEqual('reason' in listing && listing.reason, '');
      assert.notEqual('hint' in listing && listing.hint, '');
      await action.start(test.signal);
      isListed(await test.entries(action), [v4], true);
      isListed(await test.entries(action), ['198.51.100.2'], false);
    },
  },
  {
    title: 'shows that somebody emptied the firewall, and takes everything again',
    outlives: true,
    run: async (test) => {
      const action = await test.started();
      const targets = enterable(action, [v4, v6net]);
      await test.apply(
        action,
        targets.map((one) => add(one, hour)),
      );

      await test.rig.wipe();
      isListed(await test.entries(action), targets, false);
      await test.rig.wipe();
      await action.start(test.signal);
      await test.apply(
        action,
        targets.map((one) => add(one, hour)),
      );

      const entries = await test.entries(action);
      for (const target of targets) isLeft(action, entries, target, hour);
    },
  },
  {
    title: 'tells a watcher of it, and not of itself',
    outlives: true,
    run: async (test) => {
      const action = await test.started();
      if (!action.watch) return;
      const told: string[] = [];
      const watching = new AbortController();
      action.watch((what) => told.push(what), watching.signal);
      await test.rig.passTime(500);

      await test.apply(action, [add(v4, hour), add('198.51.100.2', hour)]);
      await test.apply(action, [extend(v4, 2 * hour), remove('198.51.100.2')]);
      const dotted = enterable(action, [v6dotted]);
      await test.apply(
        action,
        dotted.map((one) => add(one, hour)),
      );
      await test.apply(action, dotted.map(remove));
      await test.rig.passTime(6_000);
      assert.deepEqual(told, []);

      await test.rig.wipe();
      for (let tries = 0; tries < 40 && told.length === 0; tries++) await test.rig.passTime(250);
      assert.notDeepEqual(told, []);
      watching.abort();
    },
  },
];

/** The targets that the limits of an action allow. */
function enterable({ limits }: Action, targets: readonly Target[]): readonly Target[] {
  return targets.filter(
    (target) =>
      limits.families.includes(target.includes(':') ? 6 : 4) &&
      (limits.ranges || !target.includes('/')),
  );
}

function isListed(entries: Entries, targets: readonly Target[], isThere: boolean): void {
  const wrong = targets.filter((target) => entries.has(target) !== isThere);
  const what = isThere ? 'missing' : 'still listed';
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} ${what}`);
}

/** A time beyond the limits is none. */
function isLeft({ limits }: Action, entries: Entries, target: Target, ms: number | null): void {
  const remaining = entries.get(target);
  assert.notEqual(remaining, undefined, `${target} is not listed`);
  if (ms === null || ms > limits.maxTimeoutMs) assert.equal(remaining, null, target);
  else {
    const isClose = typeof remaining === 'number' && Math.abs(remaining - ms) <= toleranceMs;
    assert.ok(isClose, `${target} has ${remaining} ms left, not ${ms}`);
  }
}

function hasIndexes(refused: readonly { readonly index: number }[], length: number): void {
  for (const { index } of refused)
    assert.ok(Number.isInteger(index) && index >= 0 && index < length);
}
