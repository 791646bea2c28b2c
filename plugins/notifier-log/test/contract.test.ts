import { printable } from '@remand/api';
import { FakeClock, memoryLogger, notifierContract } from '@remand/testkit';
import { describe, it } from 'vitest';
import plugin from '../src/index.ts';

async function setUp() {
  const logger = memoryLogger();
  return {
    clock: new FakeClock(),
    logger,
    // Whoever prints a line of the log escapes it.
    arrived: async () =>
      logger.lines.map(({ fields }) => printable(Object.values(fields).join(' '), 1_000)),
    tearDown: async () => undefined,
  };
}

describe('log keeps the contract of notifiers', () => {
  for (const { title, run } of notifierContract({ plugin, setUp, troubles: [] })) it(title, run);
});
