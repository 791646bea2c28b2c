import type { LedgerEntry, LedgerEntryKind, Notice } from '@remand/api';
import { FakeClock, memoryLogger } from '@remand/testkit';
import { newEntryId } from '../../src/ledger/entry-id.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';

export const clock = new FakeClock();

/** An entry of `sshd` about 192.0.2.1 at 1000, until 2000 where that means anything. */
export function entry(kind: LedgerEntryKind, rest: Partial<LedgerEntry> = {}): LedgerEntry {
  const until = kind === 'ban' || kind === 'extend' || kind === 'allow' ? { until: 2_000 } : {};
  return {
    id: newEntryId(clock),
    host: 'host',
    at: 1_000,
    kind,
    holder: 'sshd',
    address: '192.0.2.1',
    ...until,
    ...rest,
  };
}

export function notice(rest: Partial<Notice> = {}): Notice {
  return { id: newEntryId(clock), kind: 'ban', at: 1_000, summary: 'It happened.', ...rest };
}

export function memoryLedger(): SqliteLedger {
  // The only implementation there is; tests also use what is not in the contract.
  return openLedger({ folder: null, clock, logger: memoryLogger() }) as SqliteLedger;
}
