import { CommandError } from '@remand/api';
import { settle } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { Enforcer } from '../../src/enforce/enforcer.ts';
import { type ListSetup, World } from './world.ts';

const minute = 60_000;
const hour = 60 * minute;
const [a, b, c] = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];

/** One list for the holders `short` and `long`. */
async function started(setup: Partial<ListSetup> = {}): Promise<World> {
  const world = new World([
    { key: 'list', ownership: 'own', holders: ['short', 'long'], ...setup },
  ]);
  await world.start();
  return world;
}

const ops = (world: World) =>
  world.list('list').batches.map((batch) => batch.map(({ op, target }) => `${op} ${target}`));

describe(Enforcer, () => {
  it('enforces ten thousand decisions of one tick in one batch', async () => {
    const world = await started();

    for (let n = 0; n < 10_000; n++) world.ban('short', [`10.0.${n >> 8}.${n & 255}`], hour);
    await world.enforcer.settled();

    expect(world.list('list').batches.map((batch) => batch.length)).toEqual([10_000]);
    expect(world.told.map(({ what, targets }) => [what, targets?.length])).toEqual([
      ['enforced', 10_000],
    ]);
  });

  it('applies in the tick of the decision', async () => {
    const world = await started();

    world.ban('short', [a], hour);
    await Promise.resolve();
    await Promise.resolve();

    expect(world.list('list').calls.apply).toBe(1);
  });

  it('lets what arrives during a batch join the next', async () => {
    const world = await started();
    const release = world.list('list').holdApplies();

    world.ban('short', [a], hour);
    await settle();
    world.ban('short', [b], hour);
    world.ban('short', [c], hour);
    await settle();
    release();
    await world.enforcer.settled();

    expect(ops(world)).toEqual([[`add ${a}`], [`add ${b}`, `add ${c}`]]);
  });

  it('splits more than 20 000 changes', async () => {
    const world = await started();

    world.ban(
      'short',
      Array.from({ length: 45_000 }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`),
      hour,
    );
    await world.enforcer.settled();

    expect(world.list('list').batches.map(({ length }) => length)).toEqual([20_000, 20_000, 5_000]);
  });

  for (const maxTimeoutMs of [0, 24 * hour]) {
    it(`keeps an address until its last hold ends (timeouts to ${maxTimeoutMs} ms)`, async () => {
      const world = await started({ ownership: 'shared', limits: { maxTimeoutMs } });
      world.ban('short', [a], minute);
      world.ban('long', [a], hour);
      await world.enforcer.settled();

      await world.advance(2 * minute);
      expect(world.list('list').has(a)).toBe(true);
      expect(ops(world)).toHaveLength(1);

      await world.advance(hour);
      expect(world.list('list').has(a)).toBe(false);
      expect([...world.rows.of('list')]).toEqual([]);
    });
  }

  it('enters and removes after a crash what it cannot see, by what is on record', async () => {
    const world = await started({
      ownership: 'shared',
      unlisted: true,
      limits: { maxTimeoutMs: 0 },
    });
    world.ban('short', [a], minute);
    world.ban('long', [a, b], hour);
    world.ban('short', [c], minute);
    await world.enforcer.settled();

    world.kill();
    await world.advance(2 * minute);
    world.revive();
    await world.enforcer.settled();

    expect(world.list('list').targets.toSorted()).toEqual([a, b]);
    expect(ops(world).at(-1)).toEqual([`remove ${c}`, `extend ${a}`, `extend ${b}`]);
    expect([...world.rows.of('list')].toSorted()).toEqual([a, b]);
    await world.advance(2 * hour);
    expect(world.list('list').targets).toEqual([]);
  });

  it('finds what made a batch fail where nothing can be seen, and flushes by what is on record', async () => {
    const world = await started({ ownership: 'shared', unlisted: true });
    world.list('list').poison([b]);
    world.ban('short', [a, b, c], hour);
    await world.enforcer.settled();

    expect(world.list('list').targets.toSorted()).toEqual([a, c]);
    expect(world.told.find(({ what }) => what === 'notEnforced')?.targets).toEqual([b]);
    world.list('list').accept([b]);
    await world.enforcer.flush();
    expect(world.list('list').targets).toEqual([]);
  });

  it('extends, and shortens when the longer hold is lifted', async () => {
    const world = await started();
    world.ban('short', [a], minute);
    await world.enforcer.settled();
    world.ban('long', [a], hour);
    await world.enforcer.settled();

    world.unban('long', [a]);
    await world.enforcer.settled();

    expect(world.list('list').batches.flat()).toEqual([
      { op: 'add', target: a, timeoutMs: minute },
      { op: 'extend', target: a, timeoutMs: hour },
      { op: 'extend', target: a, timeoutMs: minute },
    ]);
  });

  it('leaves the end of a hold to a firewall that counts down', async () => {
    const world = await started();
    world.ban('short', [a], minute);
    await world.advance(minute + 1_000);

    expect(ops(world)).toEqual([[`add ${a}`]]);
    expect(world.list('list').targets).toEqual([]);
    expect([...world.rows.of('list')]).toEqual([]);
  });

  it('enters what is longer than the firewall can count without a timeout', async () => {
    const world = await started({ limits: { maxTimeoutMs: minute } });
    world.ban('short', [a], hour);
    world.ban('short', [b], null);
    await world.enforcer.settled();

    expect(
      world
        .list('list')
        .batches.flat()
        .map(({ timeoutMs }) => timeoutMs),
    ).toEqual([null, null]);
    await world.advance(hour + 1_000);
    expect(world.list('list').targets).toEqual([b]);
  });

  it('takes out what the never-ban set forbids', async () => {
    const world = await started();
    world.ban('short', [a], hour);
    await world.enforcer.settled();

    world.allow(a, true);
    await world.enforcer.settled();

    expect(world.list('list').targets).toEqual([]);
  });

  it('writes a row before the first apply and deletes it after the removal', async () => {
    const world = await started({ ownership: 'shared' });
    const release = world.list('list').holdApplies();
    world.ban('short', [a], hour, false);
    await settle();
    expect([...world.rows.of('list')]).toEqual([a]);
    release();
    await world.enforcer.settled();

    const releaseRemoval = world.list('list').holdApplies();
    world.unban('short', [a]);
    await settle();
    expect([...world.rows.of('list')]).toEqual([a]);
    releaseRemoval();
    await world.enforcer.settled();
    expect([...world.rows.of('list')]).toEqual([]);
  });

  it('enforces unrecorded in its own containers on a full disk, and waits in shared ones', async () => {
    const world = new World([
      { key: 'own', ownership: 'own', holders: ['short'] },
      { key: 'shared', ownership: 'shared', holders: ['short'] },
    ]);
    await world.start();
    world.rows.isFull = true;
    world.ban('short', [a], hour);
    await world.enforcer.settled();

    expect(world.list('own').targets).toEqual([a]);
    expect(world.list('shared').targets).toEqual([]);
    expect(world.enforcer.stateOf('own', a)).toEqual({ enforced: true, reason: 'unrecorded' });
    expect(world.enforcer.stateOf('shared', a)).toEqual({
      enforced: false,
      reason: 'it cannot be recorded: disk full',
    });

    world.rows.isFull = false;
    await world.advance(2_000);
    expect(world.list('shared').targets).toEqual([a]);
    expect(world.enforcer.stateOf('own', a)).toEqual({ enforced: true });
    expect([...world.rows.of('own'), ...world.rows.of('shared')]).toEqual([a, a]);
  });

  it('finds the refused entries of a batch, tells once, and tries again', async () => {
    const world = await started();
    world.list('list').poison([b]);
    world.ban('short', [a, b, c], hour);
    await world.advance(10_000);

    expect(world.list('list').targets).toEqual([a, c]);
    expect(world.enforcer.stateOf('list', b).reason).toContain(b);
    expect(world.enforcer.status()[0]).toMatchObject({ state: 'degraded', notEnforced: 1 });
    expect(world.told.filter(({ what }) => what === 'notEnforced')).toHaveLength(1);

    world.list('list').accept([b]);
    await world.advance(20_000);
    expect(world.list('list').has(b)).toBe(true);
    expect(world.told.map(({ what }) => what)).toContain('recovered');
    expect(world.enforcer.status()[0]).toMatchObject({ state: 'ok', notEnforced: 0, enforced: 3 });
  });

  it('does not believe a batch that threw after it was applied', async () => {
    const world = await started();
    world.list('list').failNextApplies(1, { applied: true });
    world.ban('short', [a, b], hour);
    await world.enforcer.settled();

    expect(world.list('list').calls.apply).toBe(1);
    expect(world.enforcer.stateOf('list', a)).toEqual({ enforced: true });
    expect(world.told.map(({ what }) => what)).toEqual(['enforced']);
  });

  it('keeps the row of an entry that cannot be removed', async () => {
    const world = await started({ ownership: 'shared', limits: { maxTimeoutMs: 0 } });
    world.ban('short', [a], hour);
    await world.enforcer.settled();
    world.list('list').failNextApplies(2);
    world.unban('short', [a]);
    await world.enforcer.settled();

    expect([...world.rows.of('list')]).toEqual([a]);
    await world.advance(2_000);
    expect(world.list('list').targets).toEqual([]);
    expect([...world.rows.of('list')]).toEqual([]);
  });

  it('does not take an unavailable firewall for an empty one', async () => {
    const world = await started();
    world.ban('short', [a], hour);
    await world.enforcer.settled();

    world.list('list').setUnavailable('it is stopped');
    world.ban('short', [b], hour);
    await world.enforcer.settled();
    expect(world.enforcer.status()[0]).toMatchObject({
      state: 'degraded',
      reason: 'it is stopped',
      hint: 'wait for the test',
      notEnforced: 2,
    });
    expect(world.told.at(-1)).toMatchObject({ what: 'notEnforced', targets: [b] });
    await world.advance(5_000);
    expect(world.told.at(-1)).toMatchObject({ what: 'notEnforced', targets: [a] });

    world.list('list').setUnavailable(undefined);
    await world.advance(minute);
    expect(world.list('list').targets).toEqual([a, b]);
    expect(world.told.at(-2)).toMatchObject({ what: 'enforced', targets: [b] });
    expect(world.told.filter(({ what }) => what === 'recovered')).toHaveLength(1);
  });

  it('is degraded with the hint of a missing program, and starts again when it is there', async () => {
    const world = await started();
    const error = new CommandError('COMMAND_MISSING', 'nft is missing', { hint: 'install it' });
    world.list('list').failNextApplies(1, { error });
    world.ban('short', [a, b], hour);
    await world.enforcer.settled();

    expect(world.list('list').calls).toMatchObject({ start: 1, apply: 1 });
    expect(world.enforcer.status()[0]).toMatchObject({
      reason: 'nft is missing',
      hint: 'install it',
    });
    await world.advance(1_000);
    expect(world.list('list').calls.start).toBe(2);
    expect(world.list('list').targets).toEqual([a, b]);
  });

  it('goes on when an action hangs, and reads what its late call did', async () => {
    const world = await started();
    const release = world.list('list').holdApplies();
    world.ban('short', [a], hour);
    await world.advance(30_500);
    expect(world.enforcer.status()[0]?.state).toBe('degraded');
    world.list('list').holdApplies()();
    world.unban('short', [a]);
    await world.advance(2_000);
    expect(world.enforcer.status()[0]?.state).toBe('ok');

    release();
    await settle();
    expect(world.list('list').targets).toEqual([a]);
    await world.advance(5_000);
    expect(world.list('list').targets).toEqual([]);
    expect([...world.rows.of('list')]).toEqual([]);
  });

  it('never lets one list wait for another', async () => {
    const world = new World([
      { key: 'stuck', ownership: 'own', holders: ['short'] },
      { key: 'list', ownership: 'own', holders: ['short'] },
    ]);
    await world.start();
    world.list('stuck').holdApplies();
    world.ban('short', [a], hour);
    await settle();

    expect(world.list('list').targets).toEqual([a]);
  });

  it('repairs soon after somebody emptied a watched list, container and all', async () => {
    const world = await started();
    world.ban('short', [a, b], hour);
    await world.enforcer.settled();
    world.list('list').wipe();
    await world.advance(600);

    expect(world.list('list').targets).toEqual([a, b]);
    expect(world.told.at(-1)).toEqual({ what: 'drift', list: 'list', missing: 2, extra: 0 });
    expect(world.enforcer.status()[0]?.repaired).toBe(2);

    world.list('list').wipe({ container: true });
    await world.advance(5_000);
    expect(world.list('list').targets).toEqual([a, b]);
  });

  it('compares every minute with a firewall that cannot be watched', async () => {
    const world = await started({ watchable: false });
    world.ban('short', [a], hour);
    await world.enforcer.settled();
    world.list('list').wipe();
    await world.advance(minute);

    expect(world.list('list').targets).toEqual([a]);
  });

  it('removes what others put into its own container, and nothing from a shared one', async () => {
    const world = new World([
      { key: 'own', ownership: 'own', holders: ['short'] },
      { key: 'shared', ownership: 'shared', holders: ['short'] },
    ]);
    await world.start();
    for (const list of world.firewall.values()) list.addForeign([a]);
    await world.advance(1_000);

    expect(world.list('own').targets).toEqual([]);
    expect(world.list('shared').targets).toEqual([a]);
    expect(world.enforcer.status().map(({ foreign }) => foreign)).toEqual([0, 1]);
  });

  it('leaves an entry to the admin who made it before the ban', async () => {
    const world = await started({ ownership: 'shared' });
    world.list('list').addForeign([a]);
    await world.advance(1_000);
    world.ban('short', [a], minute);
    await world.enforcer.settled();
    expect(world.enforcer.stateOf('list', a).enforced).toBe(true);
    expect([...world.rows.of('list')]).toEqual([]);

    await world.advance(2 * minute);
    expect(world.list('list').targets).toEqual([a]);
  });

  it('enters its own when the admin takes the other entry away', async () => {
    const world = await started({ ownership: 'shared' });
    world.list('list').addForeign([a]);
    await world.advance(1_000);
    world.ban('short', [a], hour);
    await world.enforcer.settled();
    world.list('list').removeForeign([a]);
    await world.advance(1_000);

    expect(world.list('list').has(a)).toBe(true);
    expect([...world.rows.of('list')]).toEqual([a]);
  });

  it('takes over an entry of others that ends before the ban', async () => {
    const world = await started({ ownership: 'shared' });
    world.list('list').addForeign([a], minute);
    await world.advance(1_000);
    world.ban('short', [a], hour);
    await world.advance(2 * minute);

    expect(world.list('list').has(a)).toBe(true);
    await world.advance(hour);
    expect(world.list('list').has(a)).toBe(false);
  });

  it('adopts after a restart what is still there, and sends nothing', async () => {
    const world = await started();
    world.ban('short', [a, b], hour);
    await world.enforcer.settled();
    world.told = [];
    world.crash();
    await world.enforcer.settled();

    expect(world.list('list').calls.apply).toBe(1);
    expect(world.told).toEqual([]);
  });

  it('enters at a start in one batch all that is missing', async () => {
    const world = new World([{ key: 'list', ownership: 'own', holders: ['short'] }]);
    world.ban('short', [a, b, c], hour);
    await world.start();

    expect(ops(world)).toEqual([[`add ${a}`, `add ${b}`, `add ${c}`]]);
    expect(world.told).toEqual([]);
  });

  it('removes at a start what ended while it was down, on a list without timeouts', async () => {
    const world = await started({ ownership: 'shared', limits: { maxTimeoutMs: 0 } });
    world.list('list').addForeign([b]);
    world.ban('short', [a], minute);
    await world.enforcer.settled();
    await world.enforcer.stop(1_000);
    await world.clock.advanceAsync(hour);
    world.holds.clear();
    world.crash();
    await world.enforcer.settled();

    expect(world.list('list').targets).toEqual([b]);
    expect([...world.rows.of('list')]).toEqual([]);
  });

  it('shows what is beyond the limits, and lets the longest in when there is room', async () => {
    const world = await started({ limits: { maxEntries: 2, families: [4], ranges: false } });
    world.ban('short', ['2001:db8::/64', '192.0.2.0/24'], hour);
    world.ban('short', [a], minute);
    world.ban('short', [b], 2 * hour);
    world.ban('short', [c], hour);
    await world.enforcer.settled();

    expect(world.list('list').targets).toEqual([b, c]);
    expect(world.enforcer.stateOf('list', a).reason).toBe('the list is full (2 entries)');
    expect(world.enforcer.stateOf('list', '2001:db8::/64').enforced).toBe(false);
    expect(world.enforcer.stateOf('list', '192.0.2.0/24').reason).toContain('not ranges');
    expect(world.enforcer.status()[0]).toMatchObject({ desired: 5, enforced: 2, notEnforced: 3 });

    world.unban('short', [b]);
    await world.enforcer.settled();
    expect(world.list('list').targets).toEqual([c, a]);
  });

  it('sets timeouts anew after a step of the wall clock', async () => {
    const world = await started();
    world.ban('short', [a], hour);
    await world.enforcer.settled();
    world.clock.setWall(world.clock.now() + hour / 2);
    world.enforcer.reapplyAll('the clock was set');
    await world.enforcer.settled();

    expect(world.list('list').batches.at(-1)).toEqual([
      { op: 'extend', target: a, timeoutMs: hour / 2 },
    ]);
  });

  it('flushes, stays paused, and goes on when told', async () => {
    const world = new World([
      { key: 'own', ownership: 'own', holders: ['short'] },
      { key: 'shared', ownership: 'shared', holders: ['short'] },
    ]);
    await world.start();
    world.list('shared').addForeign([b]);
    await world.advance(1_000);
    world.ban('short', [a], hour);
    await world.enforcer.settled();

    expect(await world.enforcer.flush()).toEqual([
      { list: 'own', removed: true },
      { list: 'shared', removed: true },
    ]);
    world.ban('short', [c], hour);
    await world.advance(minute);
    expect(world.list('own').targets).toEqual([]);
    expect(world.list('shared').targets).toEqual([b]);
    expect(world.enforcer.status().map(({ paused, notEnforced }) => [paused, notEnforced])).toEqual(
      [
        [true, 2],
        [true, 2],
      ],
    );

    world.enforcer.resume();
    await world.enforcer.settled();
    expect(world.list('own').targets.toSorted()).toEqual([a, c]);
    expect(world.list('shared').targets.toSorted()).toEqual([a, b, c]);
  });

  it('says why a flush failed and keeps the list', async () => {
    const world = await started();
    world.ban('short', [a], hour);
    await world.enforcer.settled();
    world.list('list').setUnavailable('it is stopped');

    expect(await world.enforcer.flush()).toEqual([
      { list: 'list', removed: false, reason: expect.stringContaining('it is stopped') },
    ]);
    world.list('list').setUnavailable(undefined);
    await world.advance(minute);
    expect(world.list('list').targets).toEqual([a]);
    expect(world.enforcer.status()[0]?.paused).toBe(false);
  });

  it.each([0, 1, 2, 3, 4, 5, 20])(
    'answers a flush that meets a stop, %s turns before',
    async (turns) => {
      const world = await started();

      const flushing = world.enforcer.flush();
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      await world.enforcer.stop(1_000);

      expect(await flushing).toMatchObject([{ list: 'list' }]);
      expect(await world.enforcer.flush()).toMatchObject([{ list: 'list', removed: false }]);
    },
  );

  it('keeps at a stop what is enforced, unless told to flush', async () => {
    const world = await started();
    world.ban('short', [a], hour);
    await world.enforcer.settled();
    await world.enforcer.stop(1_000);
    await world.enforcer.stop(1_000);
    world.ban('short', [b], hour);
    await settle();
    expect(world.list('list').targets).toEqual([a]);
    expect(world.list('list').calls.stop).toBe(1);
    expect(world.clock.pendingTimers).toBe(0);

    const other = await started();
    other.ban('short', [a], hour);
    await other.enforcer.settled();
    await other.enforcer.stop(1_000, { flush: true });
    expect(other.list('list').targets).toEqual([]);
  });

  it('does not wait for a hanging action beyond the deadline of a stop', async () => {
    const world = await started();
    world.list('list').holdApplies();
    world.ban('short', [a], hour);
    await settle();
    const stopped = world.enforcer.stop(5_000);
    await world.clock.advanceAsync(6_000);
    await stopped;

    expect(world.list('list').calls.stop).toBe(1);
  });

  it('leaves a list alone that turns out to be retired after the stop', async () => {
    const world = await started();
    const list = world.list('list');
    await world.enforcer.stop(1_000);

    const [action, about] = [list, { ownership: 'own', observesOnly: false } as const];
    world.enforcer.addRetired({ key: 'old', plugin: 'memory', action, holders: [], ...about });

    expect(await world.enforcer.emptyRetired()).toEqual([]);
    expect(list.calls.flush).toBe(0);
  });

  it('is bounded when the firewall refuses everything', async () => {
    const world = await started();
    const targets = Array.from({ length: 5_000 }, (_, n) => `10.0.${n >> 8}.${n & 255}`);
    world.list('list').poison(targets);
    world.ban('short', targets, hour);
    await world.enforcer.settled();

    expect(world.list('list').calls.apply).toBeLessThan(50);
    expect(world.enforcer.status()[0]?.state).toBe('degraded');
  });

  it('does not spin when a full firewall keeps what it said it removed', async () => {
    const world = await started({ limits: { maxEntries: 1, maxTimeoutMs: 0 } });
    const list = world.list('list');
    const apply = list.apply.bind(list);
    list.apply = (changes) => apply(changes.filter(({ op }) => op !== 'remove'));
    list.poison([b]);
    world.ban('short', [a], hour);
    world.ban('long', [b], minute);
    await world.enforcer.settled();

    world.unban('short', [a]);
    await world.advance(5_000);

    expect(list.calls.apply).toBeLessThan(50);
  });
});
