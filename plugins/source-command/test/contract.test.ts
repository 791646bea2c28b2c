import {
  FakeClock,
  RecordingCommandRunner,
  type SourceRig,
  settle,
  sourceContract,
} from '@remand/testkit';
import { describe, it } from 'vitest';
import commandSource from '../src/index.ts';

async function setUp(): Promise<SourceRig> {
  const clock = new FakeClock(Date.UTC(2027, 0, 15, 8));
  const commands = new RecordingCommandRunner();
  const pass = async (ms: number): Promise<void> => {
    await settle();
    await clock.advanceAsync(ms);
    await settle();
  };
  return {
    ...{ clock, commands, options: { argv: ['/usr/bin/logs', '-f'] } },
    write: async (messages) => {
      commands.streams.at(-1)?.feed(...messages);
      await pass(20);
    },
    passTime: pass,
    tearDown: async () => undefined,
  };
}

describe('command keeps the contract of sources', () => {
  const given = { plugin: commandSource, setUp, keepsBacklog: false };
  for (const { title, run } of sourceContract(given)) it(title, run);
});
