import { isDeepStrictEqual } from 'node:util';
import type { JailConfig } from '@remand/api';
import type { StoredOffence } from '../ledger/ledger.ts';
import { PastHolds } from './past-holds.ts';
import { Window } from './window.ts';

/** A backlog that brought nothing for so long has been read. */
const backlogOverMs = 120_000;

/** What a jail counts; everything here is shown by `remand status`. */
export class JailState {
  readonly config: JailConfig;
  window: Window<StoredOffence>;
  pastHolds: PastHolds;
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
  /** When a backlog was read for it last, on the monotonic clock: its times lie in the past. */
  backlogReadAt = Number.NEGATIVE_INFINITY;
  skewMs: number | undefined;
  /** The first failure of the jail's filter, if it failed. */
  filterTrouble: string | undefined;
  /** Sources that give this jail lines without a header. */
  headerless = false;
  /** A line was of a program of its filter; without such, one had a header. */
  understands = false;
  /** One of the lines that it does not understand, cut. */
  strange: string | undefined;
  readonly #maxTracked: number;

  constructor(config: JailConfig, maxTracked: number) {
    this.config = config;
    this.pastHolds = new PastHolds(maxTracked);
    this.window = new Window({
      findTimeMs: config.findTimeMs,
      maxRetry: config.maxRetry,
      cap: maxTracked,
    });
    this.#maxTracked = maxTracked;
  }

  /** Whether a backlog is being read for it: then offences of any age still count. */
  readsBacklog(steady: number): boolean {
    return steady - this.backlogReadAt < backlogOverMs;
  }

  /**
   * Goes on where the jail of this name was before a reload. `sameFilter`: it has the same
   * instance of its filter.
   * @returns false when the limits are others, so that its offences have to be counted again
   */
  takeOver(before: JailState, sameFilter: boolean): boolean {
    for (const key of counters) this[key] = before[key];
    this.lastMatchAt = before.lastMatchAt;
    this.backlogReadAt = before.backlogReadAt;
    if (sameFilter) this.filterTrouble = before.filterTrouble;
    if (isDeepStrictEqual(before.config.sources, this.config.sources)) {
      this.lagMs = before.lagMs;
      this.behind = before.behind;
      this.skewMs = before.skewMs;
      this.headerless = before.headerless;
      if (sameFilter) this.understands = before.understands;
    }
    const isSame =
      before.config.findTimeMs === this.config.findTimeMs &&
      before.config.maxRetry === this.config.maxRetry &&
      before.#maxTracked === this.#maxTracked;
    if (!isSame) return false;
    this.window = before.window;
    this.pastHolds = before.pastHolds;
    return true;
  }
}

const counters = [
  'lines',
  'dated',
  'oversized',
  'matched',
  'offences',
  'neverBan',
  'seenWhileBanned',
  'noAddress',
  'banned',
] as const;
