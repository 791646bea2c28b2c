import type { CancelTimer, Clock } from '@remand/api';

/** Shows the time of the log that is replayed. Durations are real ones. */
export class VirtualClock implements Clock {
  readonly #real: Clock;
  #now = 0;

  constructor(real: Clock) {
    this.#real = real;
  }

  now(): number {
    return this.#now;
  }

  /** Never goes back. */
  advance(to: number): void {
    if (to > this.#now) this.#now = to;
  }

  monotonic(): number {
    return this.#real.monotonic();
  }

  after(delayMs: number, callback: () => void): CancelTimer {
    return this.#real.after(delayMs, callback);
  }
}
