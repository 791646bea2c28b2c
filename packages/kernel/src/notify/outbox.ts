import type { Clock, LedgerEntry, Logger, Notice, NotifierStatus } from '@remand/api';
import { newEntryId } from '../ledger/entry-id.ts';
import type { Ledger, QueuedNotice } from '../ledger/ledger.ts';
import { inDigest, overflowDigest, shownDigest } from './digests.ts';
import { isRegular, isUrgent } from './urgency.ts';

export interface OutboxGiven {
  /** The notifier's. */
  readonly name: string;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxQueued: number;
}

export interface OutboxCounts {
  readonly queued: number;
  readonly delivered: number;
  readonly gathered?: number;
  readonly dropped: number;
  readonly refused?: NonNullable<NotifierStatus['refused']>;
}

const logEveryMs = 60_000;
/** Notices that are looked at in one go. */
const chunk = 1_000;
const all = Number.MAX_SAFE_INTEGER;

/** The notices of one notifier in the ledger, with a bound, and what has become of them. */
export class Outbox {
  readonly #given: OutboxGiven;
  #queued: number;
  #delivered = 0;
  #gathered = 0;
  #dropped = 0;
  #refused: OutboxCounts['refused'];
  #droppedLoggedAt = Number.NEGATIVE_INFINITY;
  /** The digest that gathers what is too much; null when it is not known whether there is one. */
  #overflow: Notice | null | undefined = null;
  /** Done with and not yet recorded as such (a full disk): never sent again by this process. */
  #unrecorded: { readonly ids: readonly string[]; readonly entries: readonly LedgerEntry[] } = {
    ids: [],
    entries: [],
  };

  constructor(given: OutboxGiven) {
    this.#given = given;
    this.#queued = given.ledger.queuedNotices(given.name);
  }

  get counts(): OutboxCounts {
    return {
      queued: this.#queued,
      delivered: this.#delivered,
      ...(this.#gathered > 0 && { gathered: this.#gathered }),
      dropped: this.#dropped,
      ...(this.#refused && { refused: this.#refused }),
    };
  }

  /** Takes one more in, if there is room. @returns what is recorded of it when there is not */
  accept(notice: Notice): LedgerEntry | undefined {
    const { clock, logger, maxQueued, name } = this.#given;
    if (this.#queued < maxQueued) {
      this.#queued += 1;
      return undefined;
    }
    this.#dropped += 1;
    if (clock.monotonic() - this.#droppedLoggedAt >= logEveryMs) {
      this.#droppedLoggedAt = clock.monotonic();
      logger.warn('notices-dropped', { notifier: name, dropped: this.#dropped, queued: maxQueued });
    }
    return this.#entry('notice-suppressed', notice, `more than ${maxQueued} notices were waiting`);
  }

  /** Oldest first; with `putOff` also those that were put off. */
  due(limit: number, putOff: boolean): readonly QueuedNotice[] {
    const { ledger, clock, name } = this.#given;
    const due = ledger.dueNotices(name, putOff ? all : clock.now(), limit);
    if (due.length === 0) this.#queued = ledger.queuedNotices(name);
    return due.map(({ notice, attempts }) => ({ notice: shownDigest(notice), attempts }));
  }

  /**
   * Takes what is too much for one message into a digest, which waits in its place: everything but
   * the newest urgent notices once more than `most` wait, and whatever comes while a digest waits.
   * @returns whether there may be more: it does some at a time
   * @throws CommandError when it cannot be written
   */
  fold(most: number): boolean {
    const { ledger, clock, name } = this.#given;
    if (this.#queued <= 1 || (this.#queued <= most && this.#waitingDigest() === undefined)) {
      return false;
    }
    const overflow = this.#waitingDigest();
    const waiting = ledger.dueNotices(name, all, chunk).map(({ notice }) => notice);
    const others = waiting.filter(({ id }) => id !== overflow?.id);
    if (overflow === undefined && others.length <= most) return false;
    const urgent = others.filter(isUrgent);
    const kept = new Set(urgent.slice(-most));
    const folded = others.filter((notice) => !kept.has(notice) && !isRegular(notice));
    if (folded.length === 0) return false;
    const digest = overflowDigest(overflow, folded, clock);
    const entries = folded.map((notice) => this.#entry('notice-suppressed', notice, inDigest));
    const ids = [...folded.map(({ id }) => id), ...(overflow ? [overflow.id] : [])];
    ledger.noticesDone(name, ids, entries, digest);
    this.#overflow = digest;
    this.#gathered += folded.length;
    this.#queued = ledger.queuedNotices(name);
    return waiting.length === chunk;
  }

  /** Puts in a notice that is for this notifier alone. @throws CommandError when it cannot be written */
  put(notice: Notice): void {
    this.#given.ledger.noticesDone(this.#given.name, [], [], notice);
    this.#queued += 1;
  }

  /** @throws CommandError when it cannot be written; `record` then has to succeed first */
  sent(notices: readonly Notice[]): void {
    this.#delivered += notices.length;
    this.#done('notice-sent', notices);
  }

  /** @throws CommandError as `sent` does */
  giveUp(notices: readonly Notice[], reason: string): void {
    this.#dropped += notices.length;
    this.#done('notice-suppressed', notices, reason);
  }

  /** @throws CommandError as `sent` does */
  refuse(notice: Notice, why: { readonly reason: string; readonly hint?: string }): void {
    this.#refused = { notices: (this.#refused?.notices ?? 0) + 1, ...why };
    this.giveUp([notice], `refused: ${why.reason}`);
  }

  putOff(ids: readonly string[], delayMs: number): void {
    const { ledger, clock, name } = this.#given;
    try {
      ledger.noticesDelayed(name, ids, clock.now() + delayMs);
    } catch {
      // Only the number of attempts is lost; the back-off is kept in memory.
    }
  }

  /** Takes what is done with out of the ledger. @throws CommandError when it cannot be written */
  record(): void {
    const { ledger, name } = this.#given;
    const { ids, entries } = this.#unrecorded;
    if (ids.length === 0) return;
    ledger.noticesDone(name, ids, entries);
    this.#unrecorded = { ids: [], entries: [] };
    this.#queued = ledger.queuedNotices(name);
  }

  /** An earlier run may have left one. */
  #waitingDigest(): Notice | undefined {
    const { ledger, name } = this.#given;
    if (this.#overflow === null) {
      const queued = ledger.dueNotices(name, all, all).map(({ notice }) => notice);
      this.#overflow = queued.find(({ digest }) => digest?.of === 'overflow');
    }
    return this.#overflow;
  }

  #done(
    kind: 'notice-sent' | 'notice-suppressed',
    notices: readonly Notice[],
    reason?: string,
  ): void {
    const ids = notices.map(({ id }) => id);
    if (this.#overflow && ids.includes(this.#overflow.id)) this.#overflow = undefined;
    this.#unrecorded = { ids, entries: notices.map((one) => this.#entry(kind, one, reason)) };
    this.record();
  }

  #entry(
    kind: 'notice-sent' | 'notice-suppressed',
    notice: Notice,
    reason: string | undefined,
  ): LedgerEntry {
    const { ledger, clock, name } = this.#given;
    return {
      id: newEntryId(clock),
      host: ledger.hostId,
      at: clock.now(),
      kind,
      holder: name,
      address: notice.address ?? '',
      details: { notice: notice.id, told: notice.kind, ...(reason !== undefined && { reason }) },
    };
  }
}
