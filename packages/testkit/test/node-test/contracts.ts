import { describe, it } from 'node:test';
import { actionContract, FakeClock, memoryAction } from '../../src/index.ts';

const clock = new FakeClock();
const { plugin, list, lists } = memoryAction({ clock });
const mine = list('memory/contract');

/** With `REMAND_BREAK` the action forgets what it is told. */
const create: typeof plugin.create = (given) => {
  const real = plugin.create(given);
  if (process.env.REMAND_BREAK === undefined) return real;
  return Object.create(real, { apply: { value: async () => ({ refused: [] }) } });
};

describe('an action in memory keeps the contract', () => {
  const setUp = async () => ({
    clock,
    passTime: (ms: number) => clock.advanceAsync(ms),
    dump: async () => JSON.stringify([...lists.values()].flatMap(({ targets }) => targets)),
    wipe: async () => mine.wipe(),
    cutOff: (isCut: boolean) => mine.setUnavailable(isCut ? 'cut off' : undefined),
    tearDown: async () => mine.flush(),
  });
  for (const { title, run } of actionContract({ plugin: { ...plugin, create }, setUp }))
    it(title, run);
});
