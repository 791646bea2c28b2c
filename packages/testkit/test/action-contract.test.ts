import { describe, it } from 'vitest';
import { actionContract, FakeClock, type MemoryListGiven, memoryAction } from '../src/index.ts';

function contractOf(given: Partial<MemoryListGiven> & { readonly name?: string } = {}) {
  const clock = new FakeClock();
  const { plugin, lists, list } = memoryAction({ clock, ...given });
  const setUp = async () => {
    const key = 'memory/contract';
    return {
      clock,
      passTime: (ms: number) => clock.advanceAsync(ms),
      dump: async () => JSON.stringify([...lists.values()].map(({ targets }) => targets)),
      wipe: async () => list(key).wipe(),
      cutOff: (isCut: boolean) => list(key).setUnavailable(isCut ? 'cut off' : undefined),
      tearDown: async () => list(key).flush(),
    };
  };
  list('memory/contract');
  list('memory/neighbour');
  return actionContract({ plugin, setUp });
}

describe('an action in memory keeps the contract', () => {
  for (const { title, run } of contractOf()) it(title, run);
});

describe('an action in memory without ranges, v6, timeouts and watch keeps it', () => {
  const limits = { families: [4] as const, ranges: false, maxTimeoutMs: 0 };
  for (const { title, run } of contractOf({ limits, watchable: false })) it(title, run);
});
