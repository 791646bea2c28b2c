import type { JailConfig } from '@remand/api';
import type { StoredOffence } from '../ledger/ledger.ts';
import { PastHolds } from './past-holds.ts';
import { Window } from './window.ts';

/** What a jail counts; everything here is shown by `remand status`. */
export class JailState {
  readonly config: JailConfig;
  readonly window: Window<StoredOffence>;
  readonly pastHolds: PastHolds;
  lines = 0;
  dated = 0;
  oversized = 0;
  matched = 0;
  offences = 0;
  neverBan = 0;
  seenWhileBanned = 0;
  noAddress = 0;
  banned = 0;
  lastMatchAt: number | undefined;
  lagMs = 0;
  behind = 0;
  skewMs: number | undefined;
  /** The first failure of the jail's filter, if it failed. */
  filterTrouble: string | undefined;
  /** Sources that give this jail lines without a header. */
  headerless = false;

  constructor(config: JailConfig, maxTracked: number) {
    this.config = config;
    this.pastHolds = new PastHolds(maxTracked);
    this.window = new Window({
      findTimeMs: config.findTimeMs,
      maxRetry: config.maxRetry,
      cap: maxTracked,
    });
  }
}
