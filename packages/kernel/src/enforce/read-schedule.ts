import type { Clock } from '@remand/api';
import type { Found } from './absorb.ts';
import { Alarm } from './alarm.ts';

const debounceMs = 50;
/** Readings that events ask for are this far apart, and further while they find nothing. */
const shortestGapMs = 500;
const longestGapMs = 4_000;
const everyMs = { watched: 600_000, unwatched: 60_000 };

/** When a list is compared with what the firewall holds. */
export class ReadSchedule {
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  readonly #everyMs: number;
  #gapMs = shortestGapMs;
  #latest: { readonly wall: number; readonly steady: number } | undefined;

  constructor(clock: Clock, isWatched: boolean, read: () => void) {
    this.#clock = clock;
    this.#alarm = new Alarm(clock, read);
    this.#everyMs = isWatched ? everyMs.watched : everyMs.unwatched;
  }

  /** Wall-clock time of the latest reading. */
  get latest(): number | undefined {
    return this.#latest?.wall;
  }

  /** Somebody may have changed something. */
  soon(): void {
    const sinceMs = this.#clock.monotonic() - (this.#latest?.steady ?? Number.NEGATIVE_INFINITY);
    this.#alarm.set(Math.max(debounceMs, this.#gapMs - sinceMs));
  }

  /** A reading has ended. */
  done(found: Found): void {
    const isQuiet = found.missing + found.extra === 0;
    const sinceMs = this.#clock.monotonic() - (this.#latest?.steady ?? Number.NEGATIVE_INFINITY);
    const isDense = isQuiet && sinceMs <= 2 * longestGapMs;
    this.#gapMs = isDense ? Math.min(longestGapMs, this.#gapMs * 2) : shortestGapMs;
    this.#latest = { wall: this.#clock.now(), steady: this.#clock.monotonic() };
    this.#alarm.set(this.#everyMs);
  }

  clear(): void {
    this.#alarm.clear();
  }
}
