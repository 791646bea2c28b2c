import {
  chmodSync,
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CommandError, printable } from '@remand/api';
import { isDamage, sqliteCodeOf, sqliteCodes, unwritable } from './sqlite-error.ts';

export interface StateLock {
  release(): void;
}

/**
 * Takes the state folder for this process. The lock is an empty database under an exclusive
 * transaction: the system lets go of it however the process ends, and nothing is ever written,
 * so that it also works on a full disk. The pid lies in a file of its own, for messages only:
 * reading the locked file would drop a POSIX lock that this process holds on it.
 * @throws CommandError (`STATE_IN_USE`) when another process, or another ledger of this one, has it
 */
export function lockState(folder: string, timeoutMs: number): StateLock {
  const path = join(folder, 'ledger.lock');
  const pidFile = join(folder, 'ledger.pid');
  const db = takeLock(path, timeoutMs, folder, pidFile);
  writePid(pidFile);
  return {
    release() {
      if (!db.isOpen) return;
      rmSync(pidFile, { force: true });
      db.close();
    },
  };
}

function takeLock(path: string, timeoutMs: number, folder: string, pidFile: string): DatabaseSync {
  try {
    return tryLock(path, timeoutMs);
  } catch (error) {
    if (sqliteCodeOf(error) === sqliteCodes.busy) throw inUse(folder, pidFile);
    if (!isDamage(error)) throw unwritable(path, error);
  }
  // Somebody wrote into it. Nobody holds it, or it would be busy; emptying it in place keeps the
  // inode, so that two who do this at once still lock the same file.
  truncateSync(path);
  return takeLock(path, timeoutMs, folder, pidFile);
}

function tryLock(path: string, timeoutMs: number): DatabaseSync {
  makePrivateFile(path);
  const db = new DatabaseSync(path, { timeout: timeoutMs });
  try {
    // In memory: otherwise it makes an empty journal beside the file.
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Makes a file with mode 0600 before SQLite does with the umask's; its -wal takes the same. */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch (error) {
    if (isExisting(error)) {
      chmodSync(path, 0o600);
      return;
    }
    throw new CommandError('STATE_UNWRITABLE', `The file ${printable(path)} cannot be made.`, {
      hint: 'Make room on its disk, or let remand write in the state folder.',
      cause: error,
    });
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function writePid(pidFile: string): void {
  try {
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch {
    // A full disk: the lock holds all the same, only its message will not know the pid.
  }
}

function inUse(folder: string, pidFile: string): CommandError {
  const pid = readPid(pidFile);
  return new CommandError(
    'STATE_IN_USE',
    `Another remand (pid ${pid ?? 'unknown'}) runs on the state ${printable(folder)}.`,
    { hint: 'Stop it with "remand stop", or give this one another state.path.' },
  );
}

function readPid(pidFile: string): string | undefined {
  try {
    return /^[0-9]{1,10}/.exec(readFileSync(pidFile, 'utf8'))?.[0];
  } catch {
    return undefined;
  }
}
