import type { Action } from '@remand/api';
import { describe, expect, it } from 'vitest';
import {
  actionContract,
  FakeClock,
  type MemoryList,
  type MemoryListGiven,
  memoryAction,
} from '../src/index.ts';

function contractOf(
  given: Partial<MemoryListGiven> = {},
  change: (list: MemoryList) => Partial<Action> = () => ({}),
) {
  const clock = new FakeClock();
  const { plugin, lists, list } = memoryAction({ clock, ...given });
  const mine = list('memory/contract');
  list('memory/neighbour');
  const create = (use: { readonly list: string }): Action => {
    const real = list(use.list);
    const methods: Action = {
      limits: real.limits,
      start: () => real.start(),
      apply: (changes) => real.apply(changes),
      list: () => real.list(),
      flush: () => real.flush(),
      stop: () => real.stop(),
      ...(real.watch ? { watch: real.watch } : {}),
    };
    return { ...methods, ...change(real) };
  };
  const setUp = async () => ({
    clock,
    stops: async (target: string) => mine.targets.includes(target),
    passTime: (ms: number) => clock.advanceAsync(ms),
    dump: async () => JSON.stringify([...lists.values()].map(({ targets }) => targets)),
    wipe: async () => mine.wipe(),
    cutOff: (isCut: boolean) => mine.setUnavailable(isCut ? 'cut off' : undefined),
    tearDown: async () => {
      mine.setUnavailable(undefined);
      await mine.flush();
    },
  });
  return actionContract({ plugin: { ...plugin, create }, otherOptions: [{}], setUp });
}

describe('an action in memory keeps the contract', () => {
  for (const { title, run } of contractOf()) it(title, run);
});

describe('an action in memory without ranges, v6, timeouts and watch keeps it', () => {
  const limits = { families: [4] as const, ranges: false, maxTimeoutMs: 0 };
  for (const { title, run } of contractOf({ limits, watchable: false })) it(title, run);
});

/** Ways to break the contract, and the word by which the case that must notice is known. */
const broken: readonly (readonly [string, RegExp, (list: MemoryList) => Partial<Action>])[] = [
  ['forgets what it is told', /adds, and lists/, () => ({ apply: async () => ({ refused: [] }) })],
  [
    'never changes the time of an entry',
    /extends/,
    (list) => ({ apply: (all) => list.apply(all.filter(({ op }) => op !== 'extend')) }),
  ],
  [
    'never removes',
    /removal of what is gone/,
    (list) => ({ apply: (all) => list.apply(all.filter(({ op }) => op !== 'remove')) }),
  ],
  [
    'takes a network for its first address',
    /in both families/,
    (list) => ({
      apply: (all) =>
        list.apply(all.map((one) => ({ ...one, target: one.target.replace(/\/.*/, '') }))),
    }),
  ],
  [
    'takes the first hundred of a batch',
    /5 000/,
    (list) => ({ apply: (all) => list.apply(all.slice(0, 100)) }),
  ],
  [
    'reads more than an address out of an entry',
    /anything but an address/,
    (list) => ({
      apply: (all) =>
        list.apply(all.map((one) => ({ ...one, target: one.target.replace(/[ ;\n].*/s, '') }))),
    }),
  ],
  [
    'starts by emptying',
    /second start/,
    (list) => ({
      start: async () => {
        await list.flush();
        await list.start();
      },
    }),
  ],
  [
    'loses its entries when its options have changed',
    /other options/,
    (list) => {
      let isEmptied = false;
      return {
        start: async () => {
          if (list.targets.length > 0 && !isEmptied) await list.flush();
          isEmptied = true;
          await list.start();
        },
      };
    },
  ],
  ['leaves a trace', /every trace/, () => ({ flush: async () => undefined })],
  ['opens the door when it stops', /leaves all in/, (list) => ({ stop: () => list.flush() })],
  [
    'calls a silent firewall empty',
    /unavailable, not empty/,
    (list) => ({
      list: async () => {
        const listing = await list.list();
        return listing.state === 'known' ? listing : { state: 'known', entries: [] };
      },
    }),
  ],
  [
    'remembers instead of looking',
    /emptied the firewall/,
    (list) => {
      const told = new Map<string, number | null>();
      return {
        apply: async (all) => {
          for (const { op, target, timeoutMs } of all) {
            if (op === 'remove') told.delete(target);
            else told.set(target, timeoutMs);
          }
          return list.apply(all);
        },
        list: async () => ({
          state: 'known',
          entries: [...told].map(([target, remainingMs]) => ({ target, remainingMs })),
        }),
      };
    },
  ],
  ['watches nothing', /tells a watcher/, () => ({ watch: () => undefined })],
];

describe(actionContract.name, () => {
  it.each(broken)('notices an action that %s', async (_what, title, change) => {
    const found = contractOf({}, change).find((one) => title.test(one.title));

    await expect(found?.run()).rejects.toThrow();
  });
});
