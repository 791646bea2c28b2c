import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Small facts by name, in the table of what the ledger knows about itself. */
export class NoteStore {
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #walk: StatementSync;

  constructor(db: DatabaseSync) {
    this.#put = db.prepare(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    );
    this.#remove = db.prepare('DELETE FROM meta WHERE key = ?');
    this.#walk = db.prepare("SELECT key, value FROM meta WHERE key >= ? || ':' AND key < ? || ';'");
  }

  of(kind: string): ReadonlyMap<string, string> {
    const rows = this.#walk.all(kind, kind) as unknown as { key: string; value: string }[];
    return new Map(rows.map(({ key, value }) => [key.slice(kind.length + 1), value]));
  }

  put(kind: string, notes: ReadonlyMap<string, string | null>): void {
    for (const [name, text] of notes) {
      if (text === null) this.#remove.run(`${kind}:${name}`);
      else this.#put.run(`${kind}:${name}`, text);
    }
  }
}
