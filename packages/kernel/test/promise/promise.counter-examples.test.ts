import { describe, it } from 'vitest';
import { createKernel } from '../../src/kernel.ts';
import { Driver } from './driver.ts';
import { MemoryMachine } from './memory-machine.ts';
import type { JailRule, ListRule, Rules } from './rules.ts';
import type { Lines, Step } from './steps.ts';

const jail = (given: Partial<JailRule>): JailRule => ({
  ...{ name: 'web', program: 'web', findMs: 5_000, maxRetry: 1, banMs: 3_000 },
  ...{ observe: false, lists: ['a'] },
  ...given,
});

const list = (given: Partial<ListRule>): ListRule => ({
  ...{ key: 'a', ownership: 'own', watchable: false, maxTimeoutMs: 0 },
  ...{ families: [4, 6], ranges: true },
  ...given,
});

const rules = (given: Partial<Rules>): Rules => ({
  ...{ jails: [jail({})], rungs: [], lists: [list({})], adminLists: ['a'] },
  ...{ adminBanMs: 3_000, fuseBans: 1_000 },
  ...given,
});

const lines = (times: number, address = '198.51.100.1'): Lines => ({
  ...{ program: 'web', address, times },
});
const unban: Step = { do: 'unban', nth: 0, which: 'all', mistake: false };

/** What the property test found, shrunk. */
const found: Readonly<Record<string, readonly [Rules, readonly Step[]]>> = {
  'a ban that was lifted covered lines of a backlog from after that': [
    rules({ jails: [jail({ maxRetry: 2, banMs: 45_000 })] }),
    [{ do: 'lines', ...lines(2) }, unban, { do: 'restart', downMs: 50_000, lines: [lines(2)] }],
  ],
  'a hold that was lengthened a moment before a kill ended early': [
    rules({
      jails: [
        jail({ name: 'ssh', program: 'ssh' }),
        jail({ name: 'slow', program: 'ssh', lists: ['b'], banMs: 10_000 }),
        jail({ banMs: 10_000, lists: ['b'] }),
      ],
      lists: [list({}), list({ key: 'b', maxTimeoutMs: 86_400_000 })],
    }),
    [
      { do: 'crash', list: 'a', when: 'before' },
      { do: 'lines', ...lines(1) },
      { do: 'lines', ...lines(1), program: 'ssh' },
      { do: 'ban', what: '192.0.2.1', jail: undefined, forMs: 45_000 },
      { do: 'passToEnd' },
      { do: 'passToEnd' },
    ],
  ],
  'a row of a list that was paused claimed what somebody else had entered': [
    rules({
      jails: [jail({ name: 'ssh', program: 'ssh', lists: ['c'] }), jail({ lists: ['b'] })],
      lists: [list({ key: 'b', ownership: 'shared' }), list({ key: 'c' })],
      adminLists: ['c'],
    }),
    [
      { do: 'putIn', list: 'b', what: '198.51.100.0/31', forMs: 3_000 },
      { do: 'flush', list: 'b' },
      { do: 'crash', list: 'c', when: 'before' },
      { do: 'ban', what: '198.51.100.0/31', jail: 'web', forMs: undefined },
      { do: 'unban', nth: 0, which: 'only', mistake: false },
      { do: 'ban', what: '192.0.2.1', jail: undefined, forMs: undefined },
    ],
  ],
};

describe(createKernel, () => {
  for (const [what, [given, steps]] of Object.entries(found)) {
    it(`keeps its promise where once ${what}`, async () => {
      await new Driver(given, new MemoryMachine(given.lists)).play(steps);
    });
  }
});
