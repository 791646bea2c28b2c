import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Notice } from '@remand/api';
import type { QueuedNotice } from './ledger.ts';

/** The longest that a notice is ever put off: a time further away means a clock that was set back. */
const longestDelayMs = 3_600_000;

/** Notices that wait to be delivered, a row for each notifier. Their ids are time-ordered. */
export class OutboxStore {
  readonly #add: StatementSync;
  readonly #due: StatementSync;
  readonly #remove: StatementSync;
  readonly #delay: StatementSync;
  readonly #count: StatementSync;

  constructor(db: DatabaseSync) {
    this.#add = db.prepare(
      `INSERT INTO outbox (notifier, id, next_at, attempts, notice)
       VALUES (?, ?, 0, 0, ?) ON CONFLICT DO NOTHING`,
    );
    this.#due = db.prepare(
      `SELECT id, attempts, notice FROM outbox
       WHERE notifier = ? AND (next_at <= ? OR next_at > ?) ORDER BY id LIMIT ?`,
    );
    this.#remove = db.prepare('DELETE FROM outbox WHERE notifier = ? AND id = ?');
    this.#delay = db.prepare(
      'UPDATE outbox SET next_at = ?, attempts = attempts + 1 WHERE notifier = ? AND id = ?',
    );
    this.#count = db.prepare('SELECT count(*) AS count FROM outbox WHERE notifier = ?');
  }

  add(notices: readonly { readonly notifier: string; readonly notice: Notice }[]): void {
    let last: Notice | undefined;
    let text = '';
    for (const { notifier, notice } of notices) {
      // The rows of one notice follow each other, one for each notifier.
      if (notice !== last) text = JSON.stringify(notice);
      last = notice;
      this.#add.run(notifier, notice.id, text);
    }
  }

  due(notifier: string, now: number, limit: number): readonly QueuedNotice[] {
    const far = Math.min(Number.MAX_SAFE_INTEGER, now + longestDelayMs);
    const rows = this.#due.all(notifier, now, far, limit);
    return (rows as unknown as OutboxRow[]).flatMap(({ id, attempts, notice: text }) => {
      const notice = noticeOf(text);
      if (notice === undefined) this.remove(notifier, [id]);
      return notice === undefined ? [] : [{ notice, attempts }];
    });
  }

  remove(notifier: string, ids: readonly string[]): void {
    for (const id of ids) this.#remove.run(notifier, id);
  }

  delay(notifier: string, ids: readonly string[], nextAt: number): void {
    for (const id of ids) this.#delay.run(nextAt, notifier, id);
  }

  count(notifier: string): number {
    return Number(this.#count.get(notifier)?.count ?? 0);
  }
}

interface OutboxRow {
  readonly id: string;
  readonly attempts: number;
  readonly notice: string;
}

function noticeOf(text: string): Notice | undefined {
  try {
    return JSON.parse(text) as Notice;
  } catch {
    // A damaged page that quick_check cannot see: one notice lost rather than all held up.
    return undefined;
  }
}
