import type { Clock, LedgerEntry, LedgerEntryKind } from '@remand/api';
import { countedBans } from '../ledger/counted-bans.ts';
import { newEntryId } from '../ledger/entry-id.ts';
import { type Ledger, type LedgerChange, mostOfRecord } from '../ledger/ledger.ts';

/**
 * The ledger of a replay: what the rules of escalation ask, in memory, and nothing that only a
 * restart or a question would need. A database in memory takes a fifth of a replay's time.
 */
export class ReplayLedger implements Ledger {
  readonly hostId: string;
  readonly path = ':memory:';
  readonly setAside = undefined;
  readonly recovering = false;
  readonly #byAddress = new Map<string, LedgerEntry[]>();

  constructor(clock: Clock) {
    this.hostId = newEntryId(clock);
  }

  commit({ entries = [] }: LedgerChange): void {
    for (const entry of entries) {
      const known = this.#byAddress.get(entry.address);
      if (known) known.push(forRules(entry));
      else this.#byAddress.set(entry.address, [forRules(entry)]);
    }
  }

  entriesOf(address: string, limit: number): readonly LedgerEntry[] {
    return (this.#byAddress.get(address) ?? []).slice(-limit);
  }

  countedBans(address: string, since: number) {
    const entries = this.#byAddress.get(address) ?? [];
    return countedBans(entries).filter(({ at }) => at >= since);
  }

  recordEntries(address: string, since: number): readonly LedgerEntry[] {
    const entries = this.#byAddress.get(address) ?? [];
    return entries
      .filter(({ at, kind }) => (at >= since ? ofRecord : lasting).has(kind))
      .slice(-mostOfRecord);
  }

  countBans(address: string): number {
    return this.countedBans(address, Number.NEGATIVE_INFINITY).length;
  }

  // Nothing was there before, and nothing is told.
  recovered = () => undefined;
  bookmark = () => undefined;
  liveHolds = () => [];
  oldestOffences = () => undefined;
  offencesSince = () => [];
  bansSince = () => [];
  endedHolds = () => [];
  liveAllows = () => [];
  rows = () => [];
  listsWithRows = () => [];
  notes = () => new Map<string, string>();
  putNotes = () => undefined;
  offencesOf = () => [];
  prune = () => false;
  dueNotices = () => [];
  noticesDelivered = () => undefined;
  noticesDelayed = () => undefined;
  queuedNotices = () => 0;
  close = () => undefined;
}

const lasting: ReadonlySet<LedgerEntryKind> = new Set(['escalate', 'unban']);
const ofRecord: ReadonlySet<LedgerEntryKind> = new Set([...lasting, 'ban', 'extend', 'expire']);

/** What rules read of an entry: its lines, and an id that nobody counts, would keep much memory. */
function forRules(entry: LedgerEntry): LedgerEntry {
  const { evidence: _lines, ...details } = entry.details ?? {};
  const isCounted = entry.kind === 'ban' || entry.kind === 'escalate';
  return { ...entry, id: isCounted ? entry.id : '', details };
}
