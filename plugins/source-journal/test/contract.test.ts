import type { CommandResult, CommandStream, StreamOptions } from '@remand/api';
import { FakeClock, RecordingCommandRunner, type SourceRig, sourceContract } from '@remand/testkit';
import { describe, it } from 'vitest';
import journalSource from '../src/index.ts';
import { cursorOf, printed, start } from './entries.ts';
import { quiet } from './rig.ts';

/** A journal in memory, behind what journalctl would print of it. */
class Journal extends RecordingCommandRunner {
  readonly #messages: string[] = [];

  write(messages: readonly string[]): void {
    const first = this.#messages.length;
    this.#messages.push(...messages);
    this.streams.at(-1)?.feed(...this.#printedFrom(first));
  }

  override async run(argv: readonly string[]): Promise<CommandResult> {
    const asked = optionOf(argv, '--cursor=');
    const number = asked === undefined ? this.#messages.length - 1 : this.#numberOf(asked);
    return { stdout: this.#printedFrom(number).slice(0, 1).join('\n'), stderr: '' };
  }

  override stream(argv: readonly string[], options?: StreamOptions): CommandStream {
    const stream = super.stream(argv, options);
    const after = optionOf(argv, '--after-cursor=');
    const first = after === undefined ? 0 : this.#numberOf(after) + 1;
    this.streams.at(-1)?.feed(...this.#printedFrom(first));
    return stream;
  }

  #numberOf(cursor: string): number {
    return this.#messages.findIndex((_, number) => cursorOf({ number }) === cursor);
  }

  #printedFrom(first: number): readonly string[] {
    return first < 0
      ? []
      : this.#messages
          .map((MESSAGE, number) => printed({ number, fields: { MESSAGE } }))
          .slice(first);
  }
}

function optionOf(argv: readonly string[], option: string): string | undefined {
  return argv.find((one) => one.startsWith(option))?.slice(option.length);
}

async function setUp(): Promise<SourceRig> {
  const clock = new FakeClock(start / 1000);
  const journal = new Journal();
  const pass = async (ms: number): Promise<void> => {
    await quiet();
    await clock.advanceAsync(ms);
    await quiet();
  };
  return {
    ...{ clock, commands: journal, options: {} },
    write: async (messages) => {
      journal.write(messages);
      await pass(20);
    },
    passTime: pass,
    tearDown: async () => undefined,
  };
}

describe('journal keeps the contract of sources', () => {
  const given = { plugin: journalSource, setUp, endedBy: 'message' as const };
  for (const { title, run } of sourceContract(given)) it(title, run);
});
