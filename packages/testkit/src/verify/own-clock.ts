import type { CancelTimer, Clock } from '@remand/api';
import { callerPlace, type OwnWork } from './own-work.ts';

/** The clock that one plugin is given: it knows which of the timers are the plugin's. */
export class OwnClock implements Clock {
  readonly #clock: Clock;
  readonly #work: OwnWork;
  readonly #timers = new Map<CancelTimer, string | undefined>();

  constructor(clock: Clock, work: OwnWork) {
    this.#clock = clock;
    this.#work = work;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  after(delayMs: number, callback: () => void): CancelTimer {
    const stop = this.#clock.after(delayMs, () => {
      this.#timers.delete(cancel);
      this.#work.inside(callback);
    });
    const cancel = () => {
      this.#timers.delete(cancel);
      stop();
    };
    this.#timers.set(cancel, callerPlace());
    return cancel;
  }

  /** The places where the timers were made that are neither stopped nor over. */
  get pending(): readonly (string | undefined)[] {
    return [...this.#timers.values()];
  }
}
