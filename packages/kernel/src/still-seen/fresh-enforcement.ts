import type { Clock, Target } from '@remand/api';
import { dropOldest } from '../detect/drop-oldest.ts';

/** What follows an enforcement within this time can still be under way to the log. */
export const settleMs = 5_000;
const cap = 100_000;

/** What was entered a moment ago: remembered only for as long as it is too early to wonder. */
export class FreshEnforcement {
  readonly #clock: Clock;
  /** When each was entered, on the monotonic clock; oldest first. */
  readonly #entered = new Map<string, number>();
  readonly #restored = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  entered(list: string, targets: readonly Target[]): void {
    const now = this.#clock.monotonic();
    for (const [key, at] of this.#entered) {
      if (now - at <= settleMs) break;
      this.#entered.delete(key);
    }
    for (const target of targets) {
      const key = keyOf(list, target);
      this.#entered.delete(key);
      this.#entered.set(key, now);
      if (this.#entered.size > cap) dropOldest(this.#entered, cap);
    }
  }

  /** Any of the list's entries may have been missing until now. */
  restored(list: string): void {
    this.#restored.set(list, this.#clock.monotonic());
  }

  has(list: string, target: Target): boolean {
    return (
      this.#isFresh(this.#restored.get(list)) ||
      this.#isFresh(this.#entered.get(keyOf(list, target)))
    );
  }

  #isFresh(at: number | undefined): boolean {
    return at !== undefined && this.#clock.monotonic() - at <= settleMs;
  }
}

function keyOf(list: string, target: Target): string {
  return `${list} ${target}`;
}
