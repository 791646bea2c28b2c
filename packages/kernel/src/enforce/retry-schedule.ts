import type { Clock, Target } from '@remand/api';
import { Alarm } from './alarm.ts';
import { backOffMs } from './back-off.ts';
import type { RowKeeper } from './row-keeper.ts';
import type { Troubles } from './troubles.ts';

/** So many refused entries are tried again at a time: each costs calls that others wait for. */
const mostAtOnce = 256;
const pauseMs = 100;

export interface RetryGiven {
  readonly clock: Clock;
  readonly rows: RowKeeper;
  readonly troubles: Troubles;
  readonly retry: (targets: readonly Target[]) => void;
}

/** When entries that were refused, and rows that could not be written, are tried again. */
export class RetrySchedule {
  readonly #given: RetryGiven;
  readonly #entries: Alarm;
  readonly #rows: Alarm;
  #rowFailures = 0;

  constructor(given: RetryGiven) {
    this.#given = given;
    this.#entries = new Alarm(given.clock, () => this.#retryEntries());
    this.#rows = new Alarm(given.clock, () => given.retry(given.rows.retry()));
  }

  /** Looks at what is wrong now. Called whenever a list has nothing else to do. */
  arrange(): void {
    const { rows, troubles, clock } = this.#given;
    if (rows.trouble === undefined) {
      if (!this.#rows.isSet) this.#rowFailures = 0;
    } else if (!this.#rows.isSet) {
      this.#rows.set(backOffMs(++this.#rowFailures));
    }
    const { at } = troubles.due(clock.monotonic(), 0);
    if (Number.isFinite(at)) this.#entries.set(Math.max(pauseMs, at - clock.monotonic()));
  }

  clear(): void {
    this.#entries.clear();
    this.#rows.clear();
    this.#rowFailures = 0;
  }

  #retryEntries(): void {
    const { troubles, clock, retry } = this.#given;
    retry(troubles.due(clock.monotonic(), mostAtOnce).targets);
  }
}
