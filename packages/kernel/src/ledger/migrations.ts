import type { DatabaseSync } from 'node:sqlite';
import { CommandError, printable } from '@remand/api';

/**
 * Each step takes the database from the version that is its index to the next. A step that was
 * released is never changed; a change of the schema is a new step.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  -- seq is the order in which entries were applied, from which holds are rebuilt.
  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    holder TEXT NOT NULL,
    address TEXT NOT NULL,
    has_until INTEGER NOT NULL,
    until INTEGER,
    details TEXT
  );
  CREATE INDEX entries_by_address ON entries (address, at);
  CREATE INDEX entries_by_time ON entries (at);

  -- Derived from entries.
  CREATE TABLE holds (
    target TEXT NOT NULL,
    holder TEXT NOT NULL,
    via TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    observed INTEGER NOT NULL,
    PRIMARY KEY (target, holder, via)
  ) WITHOUT ROWID;
  CREATE TABLE allows (target TEXT PRIMARY KEY, until INTEGER) WITHOUT ROWID;

  CREATE TABLE bookmarks (
    stream TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    at INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- One row per commit; data comes last so that looking at newest reads no overflow page.
  CREATE TABLE offences (seq INTEGER PRIMARY KEY, newest INTEGER NOT NULL, data BLOB NOT NULL);
  CREATE INDEX offences_by_time ON offences (newest);

  CREATE TABLE list_rows (
    list TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (list, target)
  ) WITHOUT ROWID;

  CREATE TABLE outbox (
    notifier TEXT NOT NULL,
    id TEXT NOT NULL,
    next_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    notice TEXT NOT NULL,
    PRIMARY KEY (notifier, id)
  ) WITHOUT ROWID;
  `,
  `
  -- What decides whether older bans still count, found without walking through those bans.
  CREATE INDEX entries_of_record ON entries (address, at) WHERE kind IN ('escalate', 'unban');
  `,
  `
  CREATE TABLE conversations (
    stream TEXT NOT NULL,
    filter TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (stream, filter, name)
  ) WITHOUT ROWID;
  `,
];

/**
 * Brings a database to the newest version, each step in a transaction of its own.
 * @param also SQL for the transaction of the last step
 * @throws CommandError (`STATE_TOO_NEW`) when a newer remand wrote it; it is left alone
 */
export function migrate(db: DatabaseSync, path: string, also = ''): void {
  const version = versionOf(db);
  if (version > migrations.length) {
    throw new CommandError(
      'STATE_TOO_NEW',
      `The ledger ${printable(path)} has version ${version}; this remand knows versions up to ${migrations.length}.`,
      { hint: 'Install the newer remand again, or move the ledger away to begin a fresh one.' },
    );
  }
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    const more = index === migrations.length - 1 ? also : '';
    db.exec(`BEGIN IMMEDIATE; ${step}; ${more} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}

/** The version that a database says it has; 0 when it was never migrated. */
export function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);
}
