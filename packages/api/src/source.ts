import type { Health, Lifecycle } from './lifecycle.ts';

/**
 * One set of options by which jails want lines from this source. Jails with equal options share
 * one use, and every use of a source plugin is served by one instance, so that a file that ten
 * jails name is read once.
 */
export interface SourceUse<Options> {
  /** Stable within a configuration; opaque. */
  readonly id: string;
  /** Of a source with one use they may change by a reload without its hearing of it. */
  readonly jails: readonly string[];
  readonly options: Options;
  /** How far back lines still matter: the longest `findTime` of these jails, in ms. */
  readonly lookBackMs: number;
}

/**
 * Reads lines and pushes them in batches. One instance per plugin and kernel.
 * A missing file, a vanished socket, a permission: report it by `feed.health` and go on trying.
 */
export interface Source extends Lifecycle {
  /**
   * Begins to read and returns when reading is set up; the work goes on until `stop`.
   * A throw means that this source cannot work now: its jails are degraded, and some seconds later
   * it is called again, with a feed that does the same and the same signal. So leave nothing at work
   * behind a throw. A call that takes longer than 30 s counts as a throw while it goes on: the next
   * one must not begin the same work twice. Never called again once it has returned in time.
   */
  start(feed: SourceFeed, signal: AbortSignal): Promise<void>;
}

/** What the kernel offers a running source. */
export interface SourceFeed {
  /** A line longer than this many bytes is never passed on; count it in `oversized`. */
  readonly maxLineBytes: number;
  /** The committed bookmark of a stream, exactly as it was pushed last; undefined the first time. */
  bookmark(stream: string): string | undefined;
  /**
   * Hands over a batch and resolves when its lines are counted, its bans decided and its bookmark
   * committed in one transaction. Push the next batch of a stream only after that: this is the
   * back pressure. The bytes may be reused afterwards. It rejects only when the source or the
   * kernel is stopped; a batch that was not committed is then read again from the old bookmark. A
   * reload that replaces this source calls `stop` first and takes what is pushed until that
   * resolves.
   */
  push(batch: SourceBatch): Promise<void>;
  /** Reports how a stream or a use fares; the last report for a `key` stands. */
  health(key: string, report: SourceHealth): void;
}

export interface SourceBatch extends Framing {
  /** What the bookmark belongs to, such as `file:/var/log/auth.log`. At most 4096 characters. */
  readonly stream: string;
  /** The `id` of each use whose jails are offered these lines. */
  readonly uses: readonly string[];
  /**
   * Whole lines, each with its `\n` (a `\r` before it is not part of the line). May be empty
   * when only the bookmark moves. Best size 64 KiB to 1 MiB.
   */
  readonly bytes: Uint8Array;
  /** Where to go on after these lines, in the source's own words. At most 4096 characters. */
  readonly bookmark: string;
  /**
   * True when the source had reached the end of this stream within the last two seconds: the
   * lines count at their arrival. False for backlog: each line counts at its own time.
   */
  readonly live: boolean;
  /** Lines that were dropped since the last batch because they were too long. */
  readonly oversized?: number;
  /** How many bytes (or entries) are known to wait behind this batch: the lag. */
  readonly behind?: number;
}

/** A source as a filter names it: what an rc file would say as `{ name: {options} }`. */
export interface UsualSource {
  readonly name: string;
  readonly options: unknown;
}

/**
 * What a look has found: `logs`, lines of what is wanted; `silent`, none, but here they would
 * come; `absent`, there is no such thing on this machine.
 */
export type SourcePresence = 'logs' | 'silent' | 'absent';

/** How lines are to be read. */
export interface Framing {
  /** IANA zone of times that carry none; default the machine's. */
  readonly timeZone?: string | undefined;
  /** `none`: the lines have no header and are offered whole. Default `auto`. */
  readonly header?: 'auto' | 'none';
}

export type SourceHealth = Health & {
  /** Which uses it concerns. */
  readonly uses: readonly string[];
  /** What a person would call it: a path, a unit, a port. */
  readonly label: string;
};
