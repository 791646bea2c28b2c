import type { Clock, ListedEntry, Target } from '@remand/api';

/** Entries that leave by themselves when their time is over, as in a kernel's set. */
export class TimedEntries {
  readonly #clock: Clock;
  // The end of each entry on the monotonic clock, null for an entry without a timeout.
  readonly #ends = new Map<Target, number | null>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** In the order of entry. */
  get targets(): readonly Target[] {
    const now = this.#clock.monotonic();
    for (const [target, end] of this.#ends) {
      if (end !== null && end <= now) this.#ends.delete(target);
    }
    return [...this.#ends.keys()];
  }

  get listed(): readonly ListedEntry[] {
    const now = this.#clock.monotonic();
    return this.targets.map((target) => {
      const end = this.#ends.get(target) ?? null;
      return { target, remainingMs: end === null ? null : end - now };
    });
  }

  has(target: Target): boolean {
    const end = this.#ends.get(target);
    return end === null || (end !== undefined && end > this.#clock.monotonic());
  }

  set(target: Target, timeoutMs: number | null): void {
    this.#ends.set(target, timeoutMs === null ? null : this.#clock.monotonic() + timeoutMs);
  }

  delete(target: Target): void {
    this.#ends.delete(target);
  }

  clear(): void {
    this.#ends.clear();
  }
}
