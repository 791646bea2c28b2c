import type { Clock } from '@remand/api';
import { newEntryId } from '../ledger/entry-id.ts';
import type { Ledger } from '../ledger/ledger.ts';

/**
 * The ledger of a replay, which keeps nothing: there was nothing before, nobody asks afterwards, and
 * what rungs count is in memory (`ReplayEngine`). Writing all of it down takes more time and memory
 * than the rest of a replay.
 */
export class ReplayLedger implements Ledger {
  readonly hostId: string;
  readonly path = ':memory:';
  readonly setAside = undefined;
  readonly recovering = false;

  constructor(clock: Clock) {
    this.hostId = newEntryId(clock);
  }

  commit = () => undefined;
  entriesOf = () => [];
  countedBans = () => [];
  recordEntries = () => [];
  networkEntries = () => [];
  summary = () => ({ counts: [], suppressed: [], addresses: [] });
  recovered = () => undefined;
  bookmark = () => undefined;
  conversations = () => [];
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
  noticesDone = () => undefined;
  noticesDelayed = () => undefined;
  queuedNotices = () => 0;
  close = () => undefined;
}
