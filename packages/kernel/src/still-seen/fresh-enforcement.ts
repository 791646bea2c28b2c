import type { CancelTimer, Clock, Target } from '@remand/api';
import { dropOldest } from '../detect/drop-oldest.ts';

/** What is seen this soon after an enforcement may have been under way to the log. */
export const settleMs = 5_000;
const mostPerList = 100_000;

/** What was entered a moment ago: remembered only for as long as it is too early to wonder. */
export class FreshEnforcement {
  readonly #clock: Clock;
  /** By list, when each target was entered on the monotonic clock; the oldest first. */
  readonly #entered = new Map<string, Map<Target, number>>();
  readonly #restored = new Map<string, number>();
  #timer: CancelTimer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  entered(list: string, targets: readonly Target[]): void {
    const now = this.#clock.monotonic();
    const its = this.#entered.get(list) ?? new Map<Target, number>();
    this.#entered.set(list, its);
    for (const target of targets) {
      its.delete(target);
      its.set(target, now);
      if (its.size > mostPerList) dropOldest(its, mostPerList);
    }
    this.#arrange();
  }

  /** Any of the list's entries may have been missing until now. */
  restored(list: string): void {
    this.#restored.set(list, this.#clock.monotonic());
  }

  has(list: string, target: Target): boolean {
    return (
      this.#isFresh(this.#restored.get(list)) || this.#isFresh(this.#entered.get(list)?.get(target))
    );
  }

  stop(): void {
    this.#timer?.();
  }

  #isFresh(at: number | undefined): boolean {
    return at !== undefined && this.#clock.monotonic() - at <= settleMs;
  }

  #arrange(): void {
    this.#timer ??= this.#clock.after(settleMs, () => {
      this.#timer = undefined;
      this.#sweep();
      if (this.#entered.size > 0) this.#arrange();
    });
  }

  #sweep(): void {
    for (const [list, its] of this.#entered) {
      for (const [target, at] of its) {
        if (this.#isFresh(at)) break;
        its.delete(target);
      }
      if (its.size === 0) this.#entered.delete(list);
    }
  }
}
