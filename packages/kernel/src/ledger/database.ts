import { DatabaseSync } from 'node:sqlite';
import type { Clock, Logger } from '@remand/api';
import { migrate, versionOf } from './migrations.ts';
import { recoveryBegins } from './recovery-mark.ts';
import { isAnySetAside, setAside } from './set-aside.ts';
import { isDamage, unwritable } from './sqlite-error.ts';
import { makePrivateFile } from './state-lock.ts';

export interface OpenedDatabase {
  readonly db: DatabaseSync;
  readonly setAside: string | undefined;
}

/** A database in memory with the newest schema. */
export function openMemory(): DatabaseSync {
  const db = new DatabaseSync(':memory:');
  migrate(db, ':memory:');
  return db;
}

/**
 * Opens the database of a state folder that this process has locked. A damaged one is set aside
 * and a fresh one begun.
 * @throws CommandError when it cannot be read or written, or a newer remand wrote it
 */
export function openDatabase(
  path: string,
  given: { readonly clock: Clock; readonly logger: Logger },
): OpenedDatabase {
  try {
    return { db: openChecked(path), setAside: undefined };
  } catch (error) {
    if (!isDamage(error) && !(error instanceof DamagedError)) throw unwritable(path, error);
    const aside = setAside(path, given.clock);
    given.logger.error('ledger-damaged', { path, setAside: aside, reason: String(error) });
    try {
      return { db: openChecked(path), setAside: aside };
    } catch (again) {
      throw unwritable(path, again);
    }
  }
}

/** What `quick_check` found, or a database that is whole but not a ledger. */
class DamagedError extends Error {}

function openChecked(path: string): DatabaseSync {
  makePrivateFile(path);
  const db = new DatabaseSync(path);
  try {
    // Before the first access: then the index of the write-ahead log is on the heap. There is no
    // -shm file, and no foreign reader can keep the log from being written back.
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    // Only an empty database takes it; another would be written to at each start.
    if (pageCount(db) === 0) db.exec('PRAGMA auto_vacuum = INCREMENTAL');
    db.exec(pragmas);
    check(db);
    // Also when an earlier start was killed after it had set one aside.
    const isSuccessor = versionOf(db) === 0 && isAnySetAside(path);
    migrate(db, path, isSuccessor ? recoveryBegins : '');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const pragmas = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -2048;
  PRAGMA mmap_size = 0;
  PRAGMA temp_store = MEMORY;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = 16777216;
`;

function pageCount(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA page_count').get()?.page_count ?? 0);
}

function check(db: DatabaseSync): void {
  const found = db.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (found !== 'ok') throw new DamagedError(String(found));
  const tables = new Set(
    db
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
      .all()
      .map(({ name }) => String(name)),
  );
  const version = versionOf(db);
  if (version === 0 ? tables.size > 0 : !tables.has('entries')) {
    throw new DamagedError('It is not a ledger of remand.');
  }
}
