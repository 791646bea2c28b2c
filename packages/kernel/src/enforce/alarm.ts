import type { CancelTimer, Clock } from '@remand/api';

/** One timer that can be set again: of several times the earliest counts. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #at = Number.POSITIVE_INFINITY;
  #cancel: CancelTimer | undefined;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  get isSet(): boolean {
    return this.#cancel !== undefined;
  }

  set(delayMs: number): void {
    const at = this.#clock.monotonic() + delayMs;
    if (at >= this.#at) return;
    this.clear();
    this.#at = at;
    this.#cancel = this.#clock.after(delayMs, () => {
      this.clear();
      this.#ring();
    });
  }

  clear(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#at = Number.POSITIVE_INFINITY;
  }
}
