import type { Change } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { FakeClock, MemoryList, type MemoryListGiven } from '../src/index.ts';

const add = (target: string, timeoutMs: number | null = null): Change => ({
  op: 'add',
  target,
  timeoutMs,
});

async function started(given: Partial<MemoryListGiven> = {}) {
  const clock = new FakeClock();
  const list = new MemoryList({ clock, ...given });
  await list.start();
  return { clock, list };
}

describe(MemoryList.name, () => {
  it('adds, extends and removes, and lets entries time out', async () => {
    const { clock, list } = await started();

    await list.apply([add('192.0.2.1', 1_000), add('192.0.2.2'), add('192.0.2.3', 1_000)]);
    await list.apply([
      { op: 'extend', target: '192.0.2.1', timeoutMs: 2_000 },
      { op: 'remove', target: '192.0.2.2', timeoutMs: null },
    ]);
    clock.advance(1_000);

    expect(list.has('192.0.2.3')).toBe(false);
    expect(await list.list()).toEqual({
      state: 'known',
      entries: [{ target: '192.0.2.1', remainingMs: 1_000 }],
    });
    expect(list.batches.map((batch) => batch.length)).toEqual([3, 2]);
  });

  it.each([
    { limits: { families: [4] as const }, target: '2001:db8::/64', reason: 'family' },
    { limits: { ranges: false }, target: '192.0.2.0/24', reason: 'ranges' },
    { limits: { maxEntries: 0 }, target: '192.0.2.1', reason: 'full' },
    { limits: { maxTimeoutMs: 0 }, target: '192.0.2.1', reason: 'too long' },
  ])('refuses what is beyond its limits: $reason', async ({ limits, target, reason }) => {
    const { list } = await started({ limits });

    const { refused } = await list.apply([add(target, 5)]);

    expect(refused).toMatchObject([{ index: 0, reason: expect.stringContaining(reason) }]);
    expect(list.targets).toEqual([]);
  });

  it('refuses and poisons the targets that it is told', async () => {
    const { list } = await started();
    list.refuse(['192.0.2.1'], 'no');
    list.poison(['192.0.2.9']);

    const { refused } = await list.apply([add('192.0.2.2'), add('192.0.2.1')]);
    await expect(list.apply([add('192.0.2.3'), add('192.0.2.9')])).rejects.toThrow('192.0.2.9');
    list.accept(['192.0.2.1', '192.0.2.9']);
    await list.apply([add('192.0.2.1'), add('192.0.2.9')]);

    expect(refused).toEqual([{ index: 1, reason: 'no' }]);
    expect(list.targets).toEqual(['192.0.2.2', '192.0.2.1', '192.0.2.9']);
  });

  it('fails applies with and without having done the work', async () => {
    const { list } = await started();

    list.failNextApplies(1);
    list.failNextApplies(1, { applied: true });
    await expect(list.apply([add('192.0.2.1')])).rejects.toThrow();
    await expect(list.apply([add('192.0.2.2')])).rejects.toThrow();
    await list.apply([add('192.0.2.3')]);

    expect(list.targets).toEqual(['192.0.2.2', '192.0.2.3']);
    expect(list.calls.apply).toBe(3);
  });

  it('can be unavailable', async () => {
    const { list } = await started();

    list.setUnavailable('stopped');

    await expect(list.start()).rejects.toThrow('stopped');
    await expect(list.apply([])).rejects.toThrow('stopped');
    expect(await list.list()).toMatchObject({ state: 'unavailable', reason: 'stopped' });
  });

  it('can be changed by somebody else, which whoever watches hears', async () => {
    const { list } = await started();
    const heard: string[] = [];
    const abort = new AbortController();
    list.watch?.((what) => heard.push(what), abort.signal);

    list.addForeign(['198.51.100.1']);
    list.wipe({ container: true });
    abort.abort();
    list.removeForeign(['198.51.100.1']);

    expect(heard).toEqual(['changed', 'flushed']);
    await expect(list.apply([add('192.0.2.1')])).rejects.toThrow('no such list');
    expect(new MemoryList({ clock: new FakeClock(), watchable: false }).watch).toBeUndefined();
  });

  it('holds applies until it is released', async () => {
    const { list } = await started();
    const release = list.holdApplies();
    const applied = list.apply([add('192.0.2.1')]);

    expect(list.targets).toEqual([]);
    release();
    await applied;

    expect(list.targets).toEqual(['192.0.2.1']);
  });
});
