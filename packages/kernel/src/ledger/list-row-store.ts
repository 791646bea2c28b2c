import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Target } from '@remand/api';
import type { ListRow } from './ledger.ts';

const chunk = 2_000;

/** What was entered, or was about to be, on lists. */
export class ListRowStore {
  readonly #add: StatementSync;
  readonly #remove: StatementSync;
  readonly #walk: StatementSync;
  readonly #nextList: StatementSync;

  constructor(db: DatabaseSync) {
    this.#add = db.prepare(
      'INSERT INTO list_rows (list, target) VALUES (?, ?) ON CONFLICT DO NOTHING',
    );
    this.#remove = db.prepare('DELETE FROM list_rows WHERE list = ? AND target = ?');
    this.#walk = db.prepare(
      'SELECT target FROM list_rows WHERE list = ? AND target > ? ORDER BY target LIMIT ?',
    );
    this.#nextList = db.prepare('SELECT list FROM list_rows WHERE list > ? ORDER BY list LIMIT 1');
  }

  add(rows: readonly ListRow[]): void {
    for (const { list, target } of rows) this.#add.run(list, target);
  }

  remove(rows: readonly ListRow[]): void {
    for (const { list, target } of rows) this.#remove.run(list, target);
  }

  /** Every list that has a row: one look at the index for each. */
  lists(): readonly string[] {
    const lists: string[] = [];
    for (let last = ''; ; ) {
      const list = this.#nextList.get(last)?.list;
      if (typeof list !== 'string') return lists;
      lists.push(list);
      last = list;
    }
  }

  /** In chunks, so that rows may be written between two of them. */
  *of(list: string): Iterable<Target> {
    let last = '';
    let rows: { readonly target: string }[] = [];
    do {
      rows = this.#walk.all(list, last, chunk) as unknown as { readonly target: string }[];
      for (const { target } of rows) yield target;
      last = rows.at(-1)?.target ?? last;
    } while (rows.length === chunk);
  }
}
