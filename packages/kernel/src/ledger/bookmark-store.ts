import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LedgerChange, StoredBookmark } from './ledger.ts';

/** Where each stream goes on after a restart. */
export class BookmarkStore {
  readonly #get: StatementSync;
  readonly #put: StatementSync;

  constructor(db: DatabaseSync) {
    this.#get = db.prepare('SELECT value, at FROM bookmarks WHERE stream = ?');
    this.#put = db.prepare('INSERT OR REPLACE INTO bookmarks (stream, value, at) VALUES (?, ?, ?)');
  }

  get(stream: string): StoredBookmark | undefined {
    const row = this.#get.get(stream) as unknown as StoredBookmark | undefined;
    return row && { value: row.value, at: row.at };
  }

  put(bookmarks: NonNullable<LedgerChange['bookmarks']>): void {
    for (const { stream, value, at } of bookmarks) this.#put.run(stream, value, at);
  }
}
