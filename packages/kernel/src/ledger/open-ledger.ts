import { join } from 'node:path';
import type { Clock, Logger } from '@remand/api';
import { openDatabase, openMemory } from './database.ts';
import type { Ledger } from './ledger.ts';
import { SqliteLedger } from './sqlite-ledger.ts';
import { prepareStateFolder } from './state-folder.ts';
import { lockState } from './state-lock.ts';

export interface OpenLedgerGiven {
  /** Made with mode 0700 if it is missing; null keeps the ledger in memory. */
  readonly folder: string | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long another daemon that is about to end is waited for. Default 500. */
  readonly lockTimeoutMs?: number;
}

/**
 * Opens the ledger of a state folder, which no other process can have open at the same time. A
 * damaged one is set aside and a fresh one begun (`setAside` says where it lies).
 * @throws CommandError `STATE_IN_USE`, `STATE_UNWRITABLE` or `STATE_TOO_NEW`
 */
export function openLedger(given: OpenLedgerGiven): Ledger {
  const { folder, clock, logger } = given;
  if (folder === null) {
    return new SqliteLedger({
      db: openMemory(),
      path: ':memory:',
      setAside: undefined,
      clock,
      logger,
    });
  }
  prepareStateFolder(folder);
  const lock = lockState(folder, given.lockTimeoutMs ?? 500);
  try {
    const path = join(folder, 'ledger.db');
    const opened = openDatabase(path, { clock, logger });
    return new SqliteLedger({ ...opened, path, clock, logger, onClose: () => lock.release() });
  } catch (error) {
    lock.release();
    throw error;
  }
}
