import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LedgerEntry, Target } from '@remand/api';
import { endsHold, holdAfter, viaOf } from './hold-rule.ts';
import type { Hold } from './ledger.ts';

const chunk = 2_000;

/** Holds and allows: what follows from the entries, kept beside them in the same transaction. */
export class HoldStore {
  readonly #db: DatabaseSync;
  readonly #get: StatementSync;
  readonly #ofHolder: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #allow: StatementSync;
  readonly #live: StatementSync;
  readonly #ended: StatementSync;
  readonly #liveAllows: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#get = db.prepare('SELECT * FROM holds WHERE target = ? AND holder = ? AND via = ?');
    this.#ofHolder = db.prepare('SELECT * FROM holds WHERE target = ? AND holder = ?');
    this.#put = db.prepare(
      `INSERT OR REPLACE INTO holds (target, holder, via, since, until, observed)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#delete = db.prepare('DELETE FROM holds WHERE target = ? AND holder = ? AND via = ?');
    this.#allow = db.prepare('INSERT OR REPLACE INTO allows (target, until) VALUES (?, ?)');
    const walk = (which: string) => {
      const statement = db.prepare(
        `SELECT target, holder, via, since, until, observed FROM holds
         WHERE (target, holder, via) > (?, ?, ?) AND (${which})
         ORDER BY target, holder, via LIMIT ?`,
      );
      // Half the time of objects, which counts with 100 000 of them.
      statement.setReturnArrays(true);
      return statement;
    };
    this.#live = walk('until IS NULL OR until > ?');
    this.#ended = walk('until <= ?');
    this.#liveAllows = db.prepare(
      'SELECT target, until FROM allows WHERE until IS NULL OR until > ?',
    );
  }

  /** Derives what an entry changes. Called once per entry, in order, in a transaction. */
  apply(entry: LedgerEntry): void {
    switch (entry.kind) {
      case 'ban':
      case 'extend': {
        const current = this.#get.get(entry.address, entry.holder, viaOf(entry));
        const before = current === undefined ? undefined : holdOf(current as unknown as HoldRow);
        const after = holdAfter(before, entry);
        if (after !== undefined && after !== before) this.#store(after);
        return;
      }
      case 'unban':
      case 'expire': {
        const rows = this.#ofHolder.all(entry.address, entry.holder) as unknown as HoldRow[];
        for (const row of rows) {
          if (endsHold(entry, row)) this.#delete.run(row.target, row.holder, row.via);
        }
        return;
      }
      case 'allow':
        this.#allow.run(entry.address, entry.until ?? null);
        return;
      default:
    }
  }

  live(now: number): Iterable<Hold> {
    return inChunks(this.#live, now);
  }

  ended(now: number): Iterable<Hold> {
    return inChunks(this.#ended, now);
  }

  liveAllows(now: number): readonly { readonly target: Target; readonly until: number | null }[] {
    const rows = this.#liveAllows.all(now) as unknown as Pick<HoldRow, 'target' | 'until'>[];
    return rows.map(({ target, until }) => ({ target, until }));
  }

  /** Forgets what ended before a time and was not expired by an entry. */
  deleteEndedBefore(before: number): void {
    for (const table of ['holds', 'allows']) {
      this.#db.prepare(`DELETE FROM ${table} WHERE until < ?`).run(before);
    }
  }

  /** Derives everything afresh, as a check and for a ledger whose entries came from elsewhere. */
  rebuild(entries: Iterable<LedgerEntry>): void {
    this.#db.exec('DELETE FROM holds; DELETE FROM allows;');
    for (const entry of entries) this.apply(entry);
  }

  #store(hold: Hold): void {
    const { target, holder, via, since, until } = hold;
    this.#put.run(target, holder, via, since, until, hold.observed ? 1 : 0);
  }
}

/** In chunks, so that nothing big is made and commits may go on between two of them. */
function* inChunks(walk: StatementSync, now: number): Iterable<Hold> {
  let rows: HoldArray[] = [];
  let last: readonly [string, string, string] = ['', '', ''];
  do {
    rows = walk.all(...last, now, chunk) as unknown as HoldArray[];
    for (const [target, holder, via, since, until, observed] of rows) {
      yield holdOf({ target, holder, via, since, until, observed });
    }
    const [target, holder, via] = rows.at(-1) ?? last;
    last = [target, holder, via];
  } while (rows.length === chunk);
}

interface HoldRow {
  readonly target: string;
  readonly holder: string;
  readonly via: string;
  readonly since: number;
  readonly until: number | null;
  readonly observed: number;
}

type HoldArray = readonly [
  target: string,
  holder: string,
  via: string,
  since: number,
  until: number | null,
  observed: number,
];

function holdOf({ target, holder, via, since, until, observed }: HoldRow): Hold {
  return { holder, via, target, since, until, observed: observed === 1 };
}
