import {
  type Clock,
  CommandError,
  type Health,
  type Logger,
  printable,
  reasonOf,
} from '@remand/api';
import type { Ledger, LedgerChange, StoredBookmark, StoredConversation } from './ledger.ts';

/** How long a disk is left alone after it refused. */
const retryAfterMs = 1_000;

/** Most offences and notices that wait for a disk; entries and rows always wait. */
const mostWaiting = 100_000;

/**
 * Writes changes, and keeps what cannot be written (a full disk) in memory until it can: all of it
 * in one transaction, so that the bookmark never runs ahead of what its lines caused.
 */
export class LedgerWriter {
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #triedAt = 0;
  #waiting: LedgerChange | undefined;
  #trouble: string | undefined;
  #dropped = 0;

  constructor(ledger: Ledger, clock: Clock, logger: Logger) {
    this.#ledger = ledger;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** True while something waits to be written. */
  get behind(): boolean {
    return this.#waiting !== undefined;
  }

  /** Ban entries that are in force and not written down. */
  get unrecorded(): number {
    return (this.#waiting?.entries ?? []).filter(({ kind }) => kind === 'ban').length;
  }

  /** Where a stream goes on, also when that is not on disk yet. */
  bookmark(stream: string): StoredBookmark | undefined {
    const waiting = this.#waiting?.bookmarks?.find((one) => one.stream === stream);
    return waiting ?? this.#ledger.bookmark(stream);
  }

  /** Offences and entries that are not on disk yet. */
  get waiting(): Required<Pick<LedgerChange, 'offences' | 'entries'>> {
    return { offences: this.#waiting?.offences ?? [], entries: this.#waiting?.entries ?? [] };
  }

  get health(): Health {
    if (this.#trouble === undefined) return { state: 'ok' };
    const lost = this.#dropped > 0 ? `; ${this.#dropped} offences could not even wait` : '';
    return {
      state: 'degraded',
      reason: `the ledger cannot be written: ${this.#trouble}${lost}`,
      hint: 'free space on the disk of the state folder; nothing is lost until remand is stopped',
    };
  }

  /** @returns whether everything is on disk; false when it waits */
  commit(change: LedgerChange): boolean {
    const all = this.#waiting ? merge(this.#waiting, change) : change;
    const now = this.#clock.monotonic();
    if (this.#trouble !== undefined && now - this.#triedAt < retryAfterMs) {
      this.#waiting = this.#limited(all);
      return false;
    }
    try {
      this.#triedAt = now;
      this.#ledger.commit(all);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (this.#trouble === undefined) {
        this.#logger.error('ledger-unwritable', { reason: printable(reasonOf(error)) });
      }
      this.#trouble = printable(reasonOf(error));
      this.#waiting = this.#limited(all);
      return false;
    }
    if (this.#trouble !== undefined) this.#logger.info('ledger-writable');
    this.#trouble = undefined;
    this.#waiting = undefined;
    this.#dropped = 0;
    return true;
  }

  /** The last try before the ledger is closed. @returns whether everything is on disk */
  flush(): boolean {
    this.#triedAt = Number.NEGATIVE_INFINITY;
    return this.retry();
  }

  /** Tries again to write what waits. */
  retry(): boolean {
    return this.#waiting === undefined || this.commit({});
  }

  /** Rows do not wait: enforcement writes them itself before it applies what was not recorded. */
  #limited({ addRows: _rows, ...change }: LedgerChange): LedgerChange {
    const offences = change.offences ?? [];
    if (offences.length <= mostWaiting) return change;
    this.#dropped += offences.length - mostWaiting;
    return { ...change, offences: offences.slice(-mostWaiting) };
  }
}

/** Of each conversation what was said last. */
function newest(all: readonly StoredConversation[]): Iterable<StoredConversation> {
  const keyOf = ({ stream, filter, name }: StoredConversation) =>
    JSON.stringify([stream, filter, name]);
  return new Map(all.map((one) => [keyOf(one), one])).values();
}

function merge(first: LedgerChange, second: LedgerChange): LedgerChange {
  const bookmarks = new Map(
    [...(first.bookmarks ?? []), ...(second.bookmarks ?? [])].map((one) => [one.stream, one]),
  );
  return {
    bookmarks: [...bookmarks.values()],
    offences: [...(first.offences ?? []), ...(second.offences ?? [])],
    conversations: [...newest([...(first.conversations ?? []), ...(second.conversations ?? [])])],
    entries: [...(first.entries ?? []), ...(second.entries ?? [])],
    addRows: second.addRows ?? [],
    notices: [...(first.notices ?? []), ...(second.notices ?? [])].slice(-mostWaiting),
  };
}
