import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredOffence } from './ledger.ts';
import { mayHoldAddress, packOffences, unpackOffences } from './offence-blob.ts';

/** How much is looked through for one address: a question may not hold up bans for long. */
const mostBytes = 128 * 1024 * 1024;

/** Offences, one blob for each commit: a row for each is thirty times slower. */
export class OffenceStore {
  readonly #insert: StatementSync;
  readonly #firstSince: StatementSync;
  readonly #oldest: StatementSync;
  readonly #nextSince: StatementSync;
  readonly #before: StatementSync;
  readonly #deleteBefore: StatementSync;
  readonly #onDamage: () => void;

  /** @param onDamage called for each blob that cannot be read */
  constructor(db: DatabaseSync, onDamage: () => void) {
    this.#onDamage = onDamage;
    this.#insert = db.prepare('INSERT INTO offences (newest, data) VALUES (?, ?)');
    this.#oldest = db.prepare('SELECT min(newest) AS oldest FROM offences');
    this.#firstSince = db.prepare('SELECT min(seq) AS seq FROM offences WHERE newest >= ?');
    this.#nextSince = db.prepare(
      `SELECT seq, data FROM offences NOT INDEXED WHERE seq >= ? AND newest >= ?
       ORDER BY seq LIMIT 1`,
    );
    this.#before = db.prepare(
      'SELECT seq, data FROM offences WHERE seq < ? ORDER BY seq DESC LIMIT 1',
    );
    this.#deleteBefore = db.prepare(
      `DELETE FROM offences WHERE seq IN (
         SELECT seq FROM offences WHERE newest < ? ORDER BY newest LIMIT ?)`,
    );
  }

  insert(offences: readonly StoredOffence[]): void {
    if (offences.length === 0) return;
    const { newest, data } = packOffences(offences);
    this.#insert.run(newest, data);
  }

  oldest(): number | undefined {
    const oldest = this.#oldest.get()?.oldest;
    return typeof oldest === 'number' ? oldest : undefined;
  }

  /** In the order in which they were committed. */
  *since(since: number): Iterable<StoredOffence> {
    const first = this.#firstSince.get(since)?.seq;
    if (typeof first !== 'number') return;
    for (let seq = first; ; ) {
      const row = this.#nextSince.get(seq, since) as unknown as BlobRow | undefined;
      if (row === undefined) return;
      seq = row.seq + 1;
      for (const offence of this.#unpack(row.data)) if (offence.at >= since) yield offence;
    }
  }

  newestOf(address: string, limit: number): readonly StoredOffence[] {
    const found: StoredOffence[] = [];
    let seq = Number.MAX_SAFE_INTEGER;
    let bytes = 0;
    while (found.length < limit && bytes < mostBytes) {
      const row = this.#before.get(seq) as unknown as BlobRow | undefined;
      if (row === undefined) break;
      seq = row.seq;
      bytes += row.data.byteLength;
      if (!mayHoldAddress(row.data, address)) continue;
      const own = this.#unpack(row.data).filter((offence) => offence.address === address);
      found.push(...own.reverse());
    }
    return found
      .slice(0, limit)
      .reverse()
      .sort((a, b) => a.at - b.at);
  }

  /** Deletes at most `limit` blobs whose newest offence is older. */
  deleteBefore(before: number, limit: number): number {
    return Number(this.#deleteBefore.run(before, limit).changes);
  }

  #unpack(data: Uint8Array): readonly StoredOffence[] {
    const offences = unpackOffences(data);
    if (offences === undefined) this.#onDamage();
    return offences ?? [];
  }
}

interface BlobRow {
  readonly seq: number;
  readonly data: Uint8Array;
}
