import type { DatabaseSync } from 'node:sqlite';
import { type CancelTimer, type Clock, type Logger, reasonOf } from '@remand/api';

/** How long after the first commit the write-ahead log is written back. */
const delayMs = 1_000;

/**
 * Writes the write-ahead log back beside the commits, not inside of one: it takes two fsyncs,
 * which a ban need not wait for. While commits come faster than the timer, the automatic
 * checkpoint (`wal_autocheckpoint`) bounds the log.
 */
export class Checkpoints {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #cancel: CancelTimer | undefined;

  constructor(db: DatabaseSync, clock: Clock, logger: Logger) {
    this.#db = db;
    this.#clock = clock;
    this.#logger = logger;
  }

  committed(): void {
    this.#cancel ??= this.#clock.after(delayMs, () => this.#run());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #run(): void {
    this.#cancel = undefined;
    try {
      this.#db.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch (error) {
      // Everything is in the write-ahead log still; the next commit asks again.
      this.#logger.warn('ledger-checkpoint-failed', { reason: reasonOf(error) });
    }
  }
}
