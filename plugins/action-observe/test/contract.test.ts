import { actionContract, FakeClock } from '@remand/testkit';
import { describe, it } from 'vitest';
import observe from '../src/index.ts';

describe('observe keeps the contract of actions', () => {
  const clock = new FakeClock();
  const setUp = async () => ({
    clock,
    passTime: (ms: number) => clock.advanceAsync(ms),
    // It touches nothing.
    dump: async () => '',
    wipe: async () => undefined,
    tearDown: async () => undefined,
  });

  for (const { title, run } of actionContract({ plugin: observe, setUp, keptIn: 'process' })) {
    it(title, run);
  }
});
