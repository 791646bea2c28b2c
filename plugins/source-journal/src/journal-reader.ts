import {
  CommandError,
  type Health,
  printable,
  RestartDelay,
  reasonOf,
  type SourceFeed,
  type SourceUse,
} from '@remand/api';
import { decodeBookmark, type Position } from './bookmark.ts';
import type { JournalSourceGiven } from './journal-source.ts';
import { Journalctl } from './journalctl.ts';
import type { JournalOptions } from './options.ts';
import type { Place } from './place.ts';
import type { Wanted } from './read-entry.ts';
import { Selection } from './selection.ts';
import { type Outcome, Session } from './session.ts';

export interface JournalReaderGiven extends Omit<JournalSourceGiven, 'uses'> {
  readonly feed: SourceFeed;
  readonly place: Place;
  readonly uses: readonly SourceUse<JournalOptions>[];
}

/** Reads one journal: keeps a journalctl at work, and starts it again where it stopped. */
export class JournalReader {
  readonly #given: JournalReaderGiven;
  readonly #journalctl: Journalctl;
  readonly #wanted: readonly Wanted[];
  readonly #delay = new RestartDelay();
  readonly #stopped = Promise.withResolvers<void>();
  readonly #abort = new AbortController();
  #isStopped = false;
  #position: Position;
  #session: Session | undefined;
  #work: Promise<void> | undefined;
  #reported: string | undefined;

  constructor(given: JournalReaderGiven) {
    this.#given = given;
    const { uses, place, commands, clock, feed, logger } = given;
    this.#wanted = uses.map(({ id, options }) => ({ id, selection: new Selection(options) }));
    const selections = this.#wanted.map(({ selection }) => selection);
    const { signal } = this.#abort;
    this.#journalctl = new Journalctl({ commands, place, selections, signal });
    const text = feed.bookmark(place.key);
    const saved = text === undefined ? undefined : decodeBookmark(text);
    if (text !== undefined && !saved) logger.warn('bookmark-unreadable', { stream: place.key });
    const lookBackMs = Math.max(...uses.map((use) => use.lookBackMs));
    this.#position = saved ?? { at: Math.max(0, Math.floor(clock.now() - lookBackMs)) * 1000 };
  }

  start(): void {
    this.#work = this.#run();
  }

  /** Hands nothing over any more, and ends journalctl. Safe to call twice. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopped.resolve();
    this.#abort.abort();
    await this.#session?.stop();
    await this.#work;
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#given;
    while (!this.#isStopped) {
      const began = clock.monotonic();
      const outcome = await this.#read();
      if (this.#isStopped) return;
      if (outcome.why === 'silent') {
        logger.warn('journal-child-silent', { source: this.#given.place.label });
        continue;
      }
      this.#report(outcome.health);
      await this.#sleep(this.#delay.next(clock.monotonic() - began));
    }
  }

  async #read(): Promise<Outcome> {
    const { feed, clock, place, logger } = this.#given;
    try {
      const session = new Session({
        journalctl: this.#journalctl,
        wanted: this.#wanted,
        feed,
        clock,
        logger,
        stream: place.key,
        position: this.#position,
        moved: (position) => {
          this.#position = position;
        },
        fares: (health) => this.#report(health),
      });
      this.#session = session;
      return await session.run();
    } catch (error) {
      const hint = error instanceof CommandError ? error.hint : undefined;
      const health: Health = {
        state: 'degraded',
        reason: printable(reasonOf(error), 300),
        hint: hint ?? 'it is tried again; see what journalctl says',
      };
      return { why: 'ended', health };
    } finally {
      this.#session = undefined;
    }
  }

  async #sleep(ms: number): Promise<void> {
    const over = Promise.withResolvers<void>();
    const cancel = this.#given.clock.after(ms, over.resolve);
    await Promise.race([over.promise, this.#stopped.promise]);
    cancel();
  }

  #report(health: Health): void {
    const { feed, place, uses } = this.#given;
    const said = JSON.stringify(health);
    if (this.#isStopped || said === this.#reported) return;
    this.#reported = said;
    const label = printable(place.label);
    feed.health(place.key, { ...health, uses: uses.map(({ id }) => id), label });
  }
}
