import type { Clock, CommandRunner, Logger, Source, SourceFeed, SourceUse } from '@remand/api';
import { JournalReader } from './journal-reader.ts';
import type { JournalOptions } from './options.ts';
import { placeOf } from './place.ts';

export interface JournalSourceGiven {
  readonly uses: readonly SourceUse<JournalOptions>[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly commands: CommandRunner;
}

/** All journals of all uses: one reader, and so one journalctl, for each journal. */
export class JournalSource implements Source {
  readonly #given: JournalSourceGiven;
  #readers: readonly JournalReader[] = [];

  constructor(given: JournalSourceGiven) {
    this.#given = given;
  }

  async start(feed: SourceFeed, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#readers.length > 0) return;
    const places = Map.groupBy(this.#given.uses, ({ options }) => placeOf(options).key);
    this.#readers = [...places.values()].flatMap((uses) => {
      const [first] = uses;
      if (!first) return [];
      return [new JournalReader({ ...this.#given, feed, uses, place: placeOf(first.options) })];
    });
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
