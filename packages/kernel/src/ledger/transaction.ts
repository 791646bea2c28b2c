import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { unwritable } from './sqlite-error.ts';

/** Runs writes so that all of them are kept or none. */
export class Transaction {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;

  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
  }

  /** @throws CommandError (`STATE_UNWRITABLE`); then nothing of it is kept */
  run<T>(write: () => T): T {
    try {
      // Left behind when even the rollback failed.
      if (this.#db.isTransaction) this.#rollback.run();
      this.#begin.run();
      const result = write();
      this.#commit.run();
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some errors, not after others.
      try {
        if (this.#db.isTransaction) this.#rollback.run();
      } catch {
        // The next call rolls back first; what matters now is why the write failed.
      }
      throw unwritable(this.#path, error);
    }
  }
}
