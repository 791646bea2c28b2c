import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type LedgerEntry,
  type LedgerEntryDetails,
  type LedgerEntryKind,
  networkHolder,
  type Target,
} from '@remand/api';
import { isInside, textsInside } from '../address/networks.ts';
import { parseRange } from '../address/parse-target.ts';
import { type BanFact, countedBans } from './counted-bans.ts';
import { type BanTimes, mostOfRecord } from './ledger.ts';

/** Rows that are read at one time when a table is walked through. */
const chunk = 1_000;

/** Everything that happened: entries, never changed once written. */
export class EntryStore {
  readonly #insert: StatementSync;
  readonly #newestOf: StatementSync;
  readonly #banFactsOf: StatementSync;
  readonly #ofRecord: StatementSync;
  readonly #between: StatementSync;
  readonly #inOrder: StatementSync;
  readonly #deleteUnneeded: StatementSync;
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    // Not INSERT OR IGNORE, which would also pass over an entry without a time.
    this.#insert = db.prepare(
      `INSERT INTO entries (id, host, at, kind, holder, address, has_until, until, details)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    );
    this.#newestOf = db.prepare(
      'SELECT * FROM entries WHERE address = ? ORDER BY at DESC, seq DESC LIMIT ?',
    );
    this.#banFactsOf = db.prepare(
      `SELECT * FROM entries WHERE address = ? AND kind IN ('ban', 'extend', 'unban', 'expire')
       ORDER BY seq`,
    );
    this.#ofRecord = db.prepare(
      `SELECT * FROM (
         SELECT * FROM entries WHERE address = ?1 AND at >= ?2
         AND kind IN ('ban', 'extend', 'unban', 'expire', 'escalate')
         UNION ALL
         SELECT * FROM entries INDEXED BY entries_of_record
         WHERE address = ?1 AND at < ?2 AND kind IN ('escalate', 'unban')
       ) ORDER BY seq DESC LIMIT ?3`,
    );
    this.#between = db.prepare(
      `SELECT * FROM entries INDEXED BY entries_by_address
       WHERE address >= ?1 AND address < ?2
       AND ((at >= ?3 AND kind IN ('ban', 'extend', 'unban', 'expire'))
         OR (holder = '${networkHolder}' AND kind IN ('escalate', 'unban')))
       ORDER BY seq DESC LIMIT ?4`,
    );
    this.#inOrder = db.prepare('SELECT * FROM entries WHERE seq > ? ORDER BY seq LIMIT ?');
    this.#deleteUnneeded = db.prepare(
      `DELETE FROM entries WHERE seq IN (
         SELECT seq FROM entries AS old INDEXED BY entries_by_time WHERE at >= ? AND at < ?
         AND NOT EXISTS (SELECT 1 FROM holds WHERE target = old.address)
         AND NOT EXISTS (SELECT 1 FROM allows WHERE target = old.address)
         ORDER BY at LIMIT ?)`,
    );
  }

  /** @returns false when the entry was there already */
  insert(entry: LedgerEntry): boolean {
    const { changes } = this.#insert.run(
      entry.id,
      entry.host,
      entry.at,
      entry.kind,
      entry.holder,
      entry.address,
      entry.until === undefined ? 0 : 1,
      entry.until ?? null,
      entry.details === undefined ? null : JSON.stringify(entry.details),
    );
    return changes !== 0;
  }

  newestOf(address: string, limit: number): readonly LedgerEntry[] {
    const rows = this.#newestOf.all(address, limit) as unknown as EntryRow[];
    return rows.map(entryOf).reverse();
  }

  countedBans(address: string, since: number): readonly BanFact[] {
    const rows = this.#banFactsOf.all(address) as unknown as EntryRow[];
    return countedBans(rows.map(entryOf)).filter(({ at }) => at >= since);
  }

  recordEntries(address: string, since: number): readonly LedgerEntry[] {
    const rows = this.#ofRecord.all(address, since, mostOfRecord) as unknown as EntryRow[];
    return rows.map(entryOf).reverse();
  }

  networkEntries(network: Target, since: number): readonly LedgerEntry[] {
    const range = parseRange(network);
    if (!range) return [];
    const rows = textsInside(range).flatMap(
      ([from, to]) => this.#between.all(from, to, since, mostOfRecord) as unknown as EntryRow[],
    );
    return rows
      .filter(({ address }) => isInside(address, network))
      .sort((left, right) => left.seq - right.seq)
      .map(entryOf);
  }

  *bansSince(since: number): Iterable<BanTimes> {
    const inTime = this.#db.prepare(
      `SELECT kind, holder, address, at, until FROM entries INDEXED BY entries_by_time
       WHERE at >= ? AND kind IN ('ban', 'unban') ORDER BY at`,
    );
    for (const row of inTime.iterate(since)) {
      yield row as unknown as BanTimes;
    }
  }

  /** All entries in the order in which they were applied. */
  *inOrder(): Iterable<LedgerEntry> {
    let rows: EntryRow[] = [];
    let seq = 0;
    do {
      rows = this.#inOrder.all(seq, chunk) as unknown as EntryRow[];
      for (const row of rows) {
        seq = row.seq;
        yield entryOf(row);
      }
    } while (rows.length === chunk);
  }

  /** Deletes at most `limit` entries with from <= at < to that no hold or allow needs. */
  deleteUnneeded(from: number, to: number, limit: number): number {
    return Number(this.#deleteUnneeded.run(from, to, limit).changes);
  }
}

interface EntryRow {
  readonly seq: number;
  readonly id: string;
  readonly host: string;
  readonly at: number;
  readonly kind: LedgerEntryKind;
  readonly holder: string;
  readonly address: string;
  readonly has_until: number;
  readonly until: number | null;
  readonly details: string | null;
}

function entryOf(row: EntryRow): LedgerEntry {
  const { id, host, at, kind, holder, address, until } = row;
  const details = row.details === null ? undefined : detailsOf(row.details);
  return {
    id,
    host,
    at,
    kind,
    holder,
    address,
    ...(row.has_until === 1 && { until }),
    ...(details !== undefined && { details }),
  };
}

function detailsOf(text: string): LedgerEntryDetails | undefined {
  try {
    return JSON.parse(text) as LedgerEntryDetails;
  } catch {
    // A damaged page that quick_check cannot see; the entry says the essential without them.
    return undefined;
  }
}
