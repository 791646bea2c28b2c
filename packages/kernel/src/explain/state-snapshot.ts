import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type Logger, printable, reasonOf } from '@remand/api';
import { openDatabase } from '../ledger/database.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { SqliteLedger } from '../ledger/sqlite-ledger.ts';

export type Snapshot =
  | { readonly ledger: Ledger; readonly reason?: undefined }
  | { readonly ledger?: undefined; readonly reason: string };

const tries = 5;

/**
 * A copy of the ledger, only to be read, in a private folder that is deleted as soon as it is open: the
 * state itself is only read too, also while a daemon has it open and locked.
 */
export function snapshotLedger(
  folder: string,
  given: { readonly clock: Clock; readonly logger: Logger },
): Snapshot {
  let copy: string | undefined;
  const forget = () => {
    if (copy !== undefined) rmSync(copy, { recursive: true, force: true });
  };
  try {
    const from = join(folder, 'ledger.db');
    if (!statSync(from, { throwIfNoEntry: false })) {
      return { reason: `there is no ledger in ${printable(folder)} yet` };
    }
    copy = mkdtempSync(join(tmpdir(), 'remand-snapshot-'));
    const path = join(copy, 'ledger.db');
    if (!copyWhole(from, path)) {
      forget();
      return { reason: 'the ledger was written too often while it was copied' };
    }
    const { db, setAside } = openDatabase(path, given);
    const ledger = new SqliteLedger({ db, path, setAside, ...given });
    // SQLite has all of it open: so nothing is left behind by a process that is killed.
    forget();
    if (setAside === undefined) return { ledger };
    ledger.close();
    return { reason: 'the ledger is damaged' };
  } catch (error) {
    forget();
    return { reason: `${printable(folder)} cannot be read: ${printable(reasonOf(error))}` };
  }
}

/**
 * Copies the database, then its write-ahead log. Until that log is begun afresh it holds every page
 * that a checkpoint may have written meanwhile, so the two fit each other if it was not
 * (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).
 */
function copyWhole(from: string, to: string): boolean {
  for (let count = 0; count < tries; count++) {
    const before = generationOf(from);
    rmSync(`${to}-wal`, { force: true });
    copyFileSync(from, to);
    try {
      copyFileSync(`${from}-wal`, `${to}-wal`);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    if (generationOf(from) === before) return true;
  }
  return false;
}

/** Differs once the write-ahead log was begun afresh: by its salts, or by the database without it. */
function generationOf(path: string): string {
  try {
    const header = Buffer.alloc(32);
    const file = openSync(`${path}-wal`, 'r');
    try {
      if (readSync(file, header, 0, header.length, 0) > 0) return header.toString('hex');
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const { size, mtimeMs } = statSync(path);
  return `${size} ${mtimeMs}`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
