import type { Clock, LedgerEntry, Logger, Notice } from '@remand/api';
import { newEntryId } from '../ledger/entry-id.ts';
import type { Ledger, QueuedNotice } from '../ledger/ledger.ts';

export interface OutboxGiven {
  /** The notifier's. */
  readonly name: string;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxQueued: number;
}

const logEveryMs = 60_000;

/** The notices of one notifier in the ledger, with a bound, and what has become of them. */
export class Outbox {
  readonly #given: OutboxGiven;
  #queued: number;
  #delivered = 0;
  #dropped = 0;
  #droppedLoggedAt = Number.NEGATIVE_INFINITY;
  /** Done with and not yet recorded as such (a full disk): never sent again by this process. */
  #unrecorded: { readonly ids: readonly string[]; readonly entries: readonly LedgerEntry[] } = {
    ids: [],
    entries: [],
  };

  constructor(given: OutboxGiven) {
    this.#given = given;
    this.#queued = given.ledger.queuedNotices(given.name);
  }

  get counts(): { readonly queued: number; readonly delivered: number; readonly dropped: number } {
    return { queued: this.#queued, delivered: this.#delivered, dropped: this.#dropped };
  }

  /** Whether there is room for one more; counts it, or counts it as dropped. */
  accept(): boolean {
    const { clock, logger, maxQueued, name } = this.#given;
    if (this.#queued < maxQueued) {
      this.#queued += 1;
      return true;
    }
    this.#dropped += 1;
    if (clock.monotonic() - this.#droppedLoggedAt >= logEveryMs) {
      this.#droppedLoggedAt = clock.monotonic();
      logger.warn('notices-dropped', { notifier: name, dropped: this.#dropped, queued: maxQueued });
    }
    return false;
  }

  /** Oldest first; with `all` also those that were put off. */
  due(limit: number, all: boolean): readonly QueuedNotice[] {
    const { ledger, clock, name } = this.#given;
    const due = ledger.dueNotices(name, all ? Number.MAX_SAFE_INTEGER : clock.now(), limit);
    if (due.length === 0) this.#queued = ledger.queuedNotices(name);
    return due;
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
    ledger.noticesDelivered(name, ids, entries);
    this.#unrecorded = { ids: [], entries: [] };
    this.#queued = ledger.queuedNotices(name);
  }

  #done(
    kind: 'notice-sent' | 'notice-suppressed',
    notices: readonly Notice[],
    reason?: string,
  ): void {
    const { ledger, clock, name } = this.#given;
    this.#unrecorded = {
      ids: notices.map(({ id }) => id),
      entries: notices.map((notice) => ({
        id: newEntryId(clock),
        host: ledger.hostId,
        at: clock.now(),
        kind,
        holder: name,
        address: notice.address ?? '',
        details: { notice: notice.id, ...(reason !== undefined && { reason }) },
      })),
    };
    this.record();
  }
}
