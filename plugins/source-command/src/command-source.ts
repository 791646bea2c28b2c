import type { Clock, CommandRunner, Logger, Source, SourceFeed, SourceUse } from '@remand/api';
import { CommandReader } from './command-reader.ts';
import type { CommandOptions } from './options.ts';

export interface CommandSourceGiven {
  readonly uses: readonly SourceUse<CommandOptions>[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly commands: CommandRunner;
}

/** A program for each use. */
export class CommandSource implements Source {
  readonly #given: CommandSourceGiven;
  #readers: readonly CommandReader[] = [];

  constructor(given: CommandSourceGiven) {
    this.#given = given;
  }

  async start(feed: SourceFeed, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#readers.length > 0) return;
    this.#readers = this.#given.uses.map((use) => new CommandReader({ ...this.#given, feed, use }));
    signal.addEventListener('abort', () => void this.dispose(), { once: true });
    for (const reader of this.#readers) reader.start();
  }

  async stop(): Promise<void> {
    await this.dispose();
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.stop()));
  }
}
