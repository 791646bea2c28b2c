import { definePlugin } from '@remand/api';
import { anyOptions } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { freezePlain } from '../../src/plugins/freeze-plain.ts';
import { abuse, jail, KernelRig, use } from '../kernel-rig.ts';

describe(freezePlain.name, () => {
  it('freezes arrays and plain objects all the way down', () => {
    const given = { list: [{ a: 1 }], map: Object.assign(Object.create(null), { b: [2] }) };

    const frozen = freezePlain(given);

    expect(frozen).toBe(given);
    for (const one of [given, given.list, given.list[0], given.map, given.map.b]) {
      expect(Object.isFrozen(one)).toBe(true);
    }
  });

  it.each([
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a pattern', /x/],
    ['text', 'x'],
    ['nothing', null],
  ])('leaves %s alone', (_what, value) => {
    expect(Object.isFrozen(freezePlain({ value }).value)).toBe(typeof value !== 'object' || !value);
  });

  it('keeps the batch of the kernel from an action that empties its own', async () => {
    const rig = new KernelRig();
    const applied: string[] = [];
    const plugin = definePlugin({
      kind: 'action',
      name: 'greedy',
      apiVersion: 1,
      summary: 'Eats its batches.',
      options: anyOptions,
      inject: [],
      ownership: 'own',
      scope: 'jail',
      create: () => ({
        limits: { families: [4, 6], ranges: true, maxTimeoutMs: 0 },
        start: async () => undefined,
        apply: async (changes) => {
          applied.push(...changes.map(({ target }) => target));
          (changes as unknown[]).length = 0;
          return { refused: [] };
        },
        list: async () => ({ state: 'known', entries: [] }),
        flush: async () => undefined,
      }),
    });
    await rig.start(
      { jails: [jail({ name: 'ssh', actions: [use('greedy')] })] },
      { plugins: [plugin] },
    );

    await rig.feed.push([1, 2, 3].map(() => abuse('198.51.100.7')));
    await rig.pass(100);

    expect(applied).toContain('198.51.100.7');
    const [ban] = await rig.control.bans({});
    expect(ban?.holds[0]?.lists[0]).toMatchObject({
      enforced: false,
      reason: expect.stringMatching(/read only|Cannot|not extensible/),
    });
  });
});
