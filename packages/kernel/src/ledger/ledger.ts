import type { LedgerEntry, LedgerEntryKind, Notice, Target } from '@remand/api';
import type { BanFact } from './counted-bans.ts';

/**
 * The durable record. Synchronous: one writer, one process. Every method that writes does it in
 * one transaction, and throws a `CommandError` (`STATE_UNWRITABLE`) that leaves nothing behind
 * when it cannot (a full disk, a read-only file system).
 */
export interface Ledger {
  /** The id of this machine, made once and kept. */
  readonly hostId: string;
  /** The database's path, or `:memory:`. */
  readonly path: string;
  /** Set when the database was damaged and set aside at opening: where it lies now. */
  readonly setAside: string | undefined;
  /**
   * True from the opening that set a damaged database aside until `recovered` is called, over
   * restarts as well: what stands in the firewall may have no entry yet.
   */
  readonly recovering: boolean;
  /** To be called when everything that could be recovered is written. */
  recovered(): void;

  commit(change: LedgerChange): void;

  bookmark(stream: string): StoredBookmark | undefined;
  /** The open conversations of a filter in a stream. */
  conversations(stream: string, filter: string): readonly StoredConversation[];
  /**
   * Live holds at `now`, as the entries make them (`hold-rule.ts`). This and the other iterables
   * are read while they are walked through: take them to their end before the ledger is closed.
   */
  liveHolds(now: number): Iterable<Hold>;
  /** The time of the newest offence in the oldest commit that is kept; undefined without any. */
  oldestOffences(): number | undefined;
  /** Offences at or after `since`, oldest first, as they were counted. */
  offencesSince(since: number): Iterable<StoredOffence>;
  /**
   * The bans since a time, ended and observed ones included, and what lifted bans, oldest first.
   */
  bansSince(since: number): Iterable<BanTimes>;
  /** Holds that ended by `now` and were not expired by an entry yet: the daemon was down. */
  endedHolds(now: number): Iterable<Hold>;
  /** Allows live at `now`. */
  liveAllows(now: number): readonly { readonly target: Target; readonly until: number | null }[];
  /** Targets that were recorded as entered (or about to be) on a list. */
  rows(list: string): Iterable<Target>;
  /** The lists that have rows. */
  listsWithRows(): readonly string[];
  /** Small facts of a kind by their names, as they were put last. */
  notes(kind: NoteKind): ReadonlyMap<string, string>;
  /** Puts facts in the place of earlier ones; null forgets one. */
  putNotes(kind: NoteKind, notes: ReadonlyMap<string, string | null>): void;

  /** The newest `limit` entries about a target, oldest first. */
  entriesOf(address: string, limit: number): readonly LedgerEntry[];
  /** The newest `limit` offences of a target, oldest first, among the last 128 MiB of offences. */
  offencesOf(address: string, limit: number): readonly StoredOffence[];
  /**
   * Bans of a target that count for rungs, at or after `since`, in the order in which they were
   * recorded: by jails (their `details.offences` is set), not observed, not lifted as a mistake.
   */
  countedBans(address: string, since: number): readonly BanFact[];
  /**
   * What rungs are decided from: the bans, extensions and ends of a target at or after `since`, its
   * escalations and lifted bans of any time; the newest `mostOfRecord`, in the order in which they
   * were recorded.
   */
  recordEntries(address: string, since: number): readonly LedgerEntry[];
  /**
   * What range holds are decided from: the bans, extensions and ends at or after `since` of everything
   * inside a range, and what `network` did there at any time; the newest `mostOfRecord`, in the order
   * in which they were recorded.
   */
  networkEntries(network: Target, since: number): readonly LedgerEntry[];
  /**
   * What happened at [since, until), in numbers; among the newest 100 000 entries of that time.
   * What other notifiers than this one did not send is not in it.
   */
  summary(since: number, until: number, notifier: string): PeriodSummary;

  /**
   * Deletes offences older than `offences`, and entries older than `entries` that no live hold
   * or allow needs; at most some thousands in one call, so that it is short.
   * @returns true when there is more: call again soon
   */
  prune(before: { readonly offences: number; readonly entries: number }, now: number): boolean;

  /** The next notices due for a notifier, oldest first. */
  dueNotices(notifier: string, now: number, limit: number): readonly QueuedNotice[];
  /**
   * Removes notices that are done with and writes what became of them, in one transaction.
   * @param instead a notice that says it in their place
   */
  noticesDone(
    notifier: string,
    ids: readonly string[],
    entries: readonly LedgerEntry[],
    instead?: Notice,
  ): void;
  /** Puts notices off after a failed delivery. */
  noticesDelayed(notifier: string, ids: readonly string[], nextAt: number): void;
  /** How many notices wait for a notifier. */
  queuedNotices(notifier: string): number;

  close(): void;
}

/** Who is banned ever again must not make each next ban slower. */
export const mostOfRecord = 10_000;

/**
 * `list`: how a list was made; `jail`: the lists of a jail or a rung; `notifier`: when its next
 * messages may go.
 */
export type NoteKind = 'list' | 'jail' | 'notifier';

export interface PeriodSummary {
  /** Entries by kind and holder; observed ones and notices are not among them. */
  readonly counts: readonly {
    readonly kind: LedgerEntryKind;
    readonly holder: string;
    readonly count: number;
  }[];
  /** `notice-suppressed` entries by their reason. */
  readonly suppressed: readonly { readonly reason: string; readonly count: number }[];
  /** How often each address was banned by jails. */
  readonly addresses: Iterable<{ readonly address: string; readonly count: number }>;
}

/** What one transaction writes; absent parts write nothing. */
export interface LedgerChange {
  /** One per stream. */
  readonly bookmarks?: readonly ({ readonly stream: string } & StoredBookmark)[];
  readonly offences?: readonly StoredOffence[];
  readonly conversations?: readonly StoredConversation[];
  /** `ban` and `extend` make or change holds, `unban` and `expire` end them, `allow` protects. */
  readonly entries?: readonly LedgerEntry[];
  readonly addRows?: readonly ListRow[];
  readonly removeRows?: readonly ListRow[];
  readonly notices?: readonly { readonly notifier: string; readonly notice: Notice }[];
}

export interface StoredBookmark {
  /** The source's own words. */
  readonly value: string;
  /** The newest time at which a line of the stream counted, in ms since the epoch; 0 before any. */
  readonly at: number;
}

export interface StoredOffence {
  readonly jail: string;
  readonly address: string;
  /** When it counted, in ms since the epoch. */
  readonly at: number;
  /** The line, decoded and cut. */
  readonly line: string;
}

/** What is known of a conversation of a service with somebody: see `Conversations`. */
export interface StoredConversation {
  readonly stream: string;
  readonly filter: string;
  readonly name: string;
  /** When it was heard last, in ms since the epoch. */
  readonly at: number;
  /** JSON; null forgets it. */
  readonly value: string | null;
}

export interface BanTimes {
  readonly kind: 'ban' | 'unban';
  readonly holder: string;
  readonly address: string;
  readonly at: number;
  /** Of a ban; null is for ever. */
  readonly until: number | null;
}

export interface ListRow {
  readonly list: string;
  readonly target: Target;
}

export interface QueuedNotice {
  readonly notice: Notice;
  readonly attempts: number;
}

/** A live ban. Keyed by (holder, via, target). */
export interface Hold {
  readonly holder: string;
  /**
   * Whose lists it uses: the jail itself, the jail that an admin named; empty for the lists that
   * the default actions make for `admin`.
   */
  readonly via: string;
  readonly target: Target;
  readonly since: number;
  /** null is for ever. */
  readonly until: number | null;
  /** Decided by a jail that only observes: on no list. */
  readonly observed: boolean;
}
