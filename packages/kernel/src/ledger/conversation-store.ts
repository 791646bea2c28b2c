import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredConversation } from './ledger.ts';

/** The conversations that are open, by stream and filter. */
export class ConversationStore {
  readonly #of: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeOld: StatementSync;

  constructor(db: DatabaseSync) {
    this.#of = db.prepare(
      'SELECT stream, filter, name, at, value FROM conversations WHERE stream = ? AND filter = ?',
    );
    this.#put = db.prepare(
      'INSERT OR REPLACE INTO conversations (stream, filter, name, at, value) VALUES (?, ?, ?, ?, ?)',
    );
    this.#remove = db.prepare(
      'DELETE FROM conversations WHERE stream = ? AND filter = ? AND name = ?',
    );
    this.#removeOld = db.prepare('DELETE FROM conversations WHERE at < ?');
  }

  of(stream: string, filter: string): readonly StoredConversation[] {
    return this.#of.all(stream, filter) as unknown as StoredConversation[];
  }

  put(changes: readonly StoredConversation[]): void {
    for (const { stream, filter, name, at, value } of changes) {
      if (value === null) this.#remove.run(stream, filter, name);
      else this.#put.run(stream, filter, name, at, value);
    }
  }

  /** Those of filters and streams that are read no more; nobody else forgets them. */
  deleteBefore(at: number): void {
    this.#removeOld.run(at);
  }
}
