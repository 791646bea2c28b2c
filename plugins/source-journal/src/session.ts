import {
  type CancelTimer,
  type Clock,
  type CommandStream,
  Gatherer,
  type Health,
  type Logger,
  printable,
  reasonOf,
  type SourceFeed,
} from '@remand/api';
import { encodeBookmark, isBefore, type Position } from './bookmark.ts';
import { handOver } from './hand-over.ts';
import { healthOf } from './health-of.ts';
import type { Journalctl, Newest } from './journalctl.ts';
import { type Entry, readEntry, type Wanted } from './read-entry.ts';

export interface SessionGiven {
  readonly journalctl: Journalctl;
  readonly wanted: readonly Wanted[];
  readonly feed: SourceFeed;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stream: string;
  readonly position: Position;
  /** Called after each commit. */
  readonly moved: (position: Position) => void;
  readonly fares: (health: Health) => void;
}

/** Why a session is over: `silent` is to be begun again at once, `ended` after a while. */
export type Outcome =
  | { readonly why: 'silent' }
  | { readonly why: 'ended'; readonly health: Health };

/** A line of journalctl's, read; `undefined` is one that could not be. */
interface Item {
  readonly entry: Entry | undefined;
  readonly live: boolean;
}

/** Enough for a batch of a good size. */
const mostWaiting = 4_096;
/** So many sets of uses a bookmark can name. */
const mostSets = 64;
/** journald tells its readers of new entries four times a second; a pause like this is the end. */
const pauseMs = 100;
/** A line is live if the end of the journal had been seen so recently. */
const liveMs = 2_000;
/** journalctl can stop following without ending (after a rotation): ask whether there is more. */
const silenceMs = 60_000;
/** How long an entry that a question has found may take to come. */
const graceMs = 5_000;

/** The life of one journalctl. */
export class Session {
  readonly #given: SessionGiven;
  readonly #gatherer: Gatherer<Item>;
  #position: Position;
  #child: CommandStream | undefined;
  #stopped = false;
  /** Whether an entry may have been read already: the cursor where it stopped is gone. */
  #resumes = false;
  #newest: Newest['entry'];
  /** Reached the entry that was the newest one when it began. */
  #caughtUp = false;
  #endSeenAt = Number.NEGATIVE_INFINITY;
  /** The cursor that came last. */
  #last: string | undefined;
  #lines = 0;
  #silent = false;
  #cancelWatch: CancelTimer | undefined;

  constructor(given: SessionGiven) {
    this.#given = given;
    this.#position = given.position;
    const { clock } = given;
    const hand = (items: readonly Item[]) => this.#hand(items);
    this.#gatherer = new Gatherer({ clock, most: mostWaiting, hand });
  }

  /** Reads until journalctl ends, is silent, or `stop` is called. @throws CommandError */
  async run(): Promise<Outcome> {
    const { journalctl } = this.#given;
    await this.#ask();
    const from = await this.#from();
    if (this.#stopped) return { why: 'silent' };
    const child = await journalctl.follow(from);
    this.#child = child;
    if (this.#stopped) await child.stop();
    this.#watch();
    try {
      await this.#take(child);
      await this.#gatherer.settled();
    } finally {
      this.#cancelWatch?.();
      await child.stop();
    }
    if (this.#silent) return { why: 'silent' };
    const { exitCode, stderr } = await child.exited;
    const words = printable(stderr.trim(), 300);
    const code = exitCode === null ? '' : ` with ${exitCode}`;
    const reason = `journalctl ended${code}${words === '' ? '' : `: ${words}`}`;
    const hint = 'it is started again where it stopped; try the same command by hand';
    return { why: 'ended', health: { state: 'degraded', reason, hint } };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelWatch?.();
    await this.#child?.stop();
  }

  /** Asks for the newest entry, and tells how the journal fares. */
  async #ask(): Promise<void> {
    const { journalctl, fares } = this.#given;
    const { entry, complaint } = await journalctl.newest();
    const isEmpty = entry === undefined && (await journalctl.isEmpty());
    this.#newest = entry;
    fares(healthOf({ isEmpty, found: entry !== undefined, complaint }));
  }

  /** Where to begin: behind the last entry that was read, or by its time when that is gone. */
  async #from(): Promise<string> {
    const { journalctl, logger, clock } = this.#given;
    const { cursor, at } = this.#position;
    this.#last = cursor;
    if (this.#newest === undefined || this.#newest.cursor === cursor) {
      this.#caughtUp = true;
      this.#endSeenAt = clock.monotonic();
    }
    if (cursor !== undefined && (await journalctl.holds(cursor))) return `--after-cursor=${cursor}`;
    if (cursor !== undefined) {
      this.#resumes = true;
      logger.warn('journal-place-gone', { at: new Date(at / 1000).toISOString() });
    }
    return `--since=@${Math.floor(at / 1e6)}`;
  }

  async #take(child: CommandStream): Promise<void> {
    const { clock, wanted, feed } = this.#given;
    const lines = child.lines[Symbol.asyncIterator]();
    for (;;) {
      const before = clock.monotonic();
      const next = await lines.next();
      if (next.done === true || this.#stopped) return;
      const now = clock.monotonic();
      if (now - before >= pauseMs && this.#caughtUp) this.#endSeenAt = now;
      this.#lines++;
      const entry = readEntry(next.value, wanted, feed.maxLineBytes);
      if (entry && this.#isKnown(entry)) continue;
      const live = now - this.#endSeenAt <= liveMs;
      await this.#gatherer.add({ entry, live });
      if (entry) this.#note(entry);
    }
  }

  #note({ cursor, at }: Entry): void {
    this.#last = cursor;
    const target = this.#newest;
    if (this.#caughtUp || !target || (cursor !== target.cursor && at < target.at)) return;
    this.#caughtUp = true;
    this.#endSeenAt = this.#given.clock.monotonic();
  }

  /** Whether it was taken before. */
  #isKnown(entry: Entry): boolean {
    if (this.#resumes && isBefore(entry, this.#position)) return true;
    this.#resumes = false;
    const { ahead = [] } = this.#given.position;
    return ahead.some((one) => one.keys.includes(entry.key) && isBefore(entry, one));
  }

  async #hand(items: readonly Item[]): Promise<void> {
    const { feed, stream, wanted, moved } = this.#given;
    const everybody = wanted.map(({ id }) => id);
    for (const run of runsOf(items)) {
      if (this.#stopped) return;
      const [first, ...others] = run.flatMap(({ entry }) => entry ?? []);
      // One that could not be read has no cursor: it is counted with the next one.
      const unreadable = run.length - others.length - (first ? 1 : 0);
      const live = run[0]?.live ?? false;
      if (!first) {
        const bookmark = encodeBookmark(this.#position);
        const bytes = new Uint8Array();
        await feed.push({ stream, uses: everybody, bytes, bookmark, live, oversized: unreadable });
        continue;
      }
      const position = this.#position;
      const given = { feed, stream, position, live, unreadable, everybody };
      this.#position = await handOver([first, ...others], given);
      moved(this.#position);
    }
  }

  /** While nothing comes, asks now and then whether there is something that should have come. */
  #watch(): void {
    const { clock } = this.#given;
    const seen = this.#lines;
    this.#cancelWatch = clock.after(silenceMs, () => {
      if (this.#stopped) return;
      if (this.#lines !== seen) this.#watch();
      else this.#question(seen);
    });
  }

  #question(seen: number): void {
    this.#ask()
      .catch((error: unknown) => {
        this.#given.logger.debug('journal-question-failed', { reason: reasonOf(error) });
      })
      .finally(() => {
        const isBehind = this.#newest !== undefined && this.#newest.cursor !== this.#last;
        if (this.#stopped) return;
        if (isBehind) this.#cancelWatch = this.#given.clock.after(graceMs, () => this.#judge(seen));
        else this.#watch();
      });
  }

  #judge(seen: number): void {
    if (this.#stopped) return;
    this.#silent = this.#lines === seen;
    if (this.#silent) void this.#child?.stop();
    else this.#watch();
  }
}

/** Stretches of equal `live`, each for no more sets of uses than a bookmark can name. */
function runsOf(items: readonly Item[]): readonly (readonly Item[])[] {
  const runs: Item[][] = [];
  let sets = new Set<string>();
  for (const item of items) {
    const run = runs.at(-1);
    const key = item.entry?.key ?? '';
    if (run && run[0]?.live === item.live && (sets.has(key) || sets.size < mostSets)) {
      run.push(item);
    } else {
      runs.push([item]);
      sets = new Set();
    }
    sets.add(key);
  }
  return runs;
}
