import type { Target } from '@remand/api';
import { dropOldest } from './drop-oldest.ts';

/**
 * Until when each address was held by a jail, for lines of a backlog: a line from a time at which
 * the address was held does not count, also when that hold has ended since.
 */
export class PastHolds {
  readonly #cap: number;
  readonly #untils = new Map<Target, number>();

  constructor(cap: number) {
    this.#cap = cap;
  }

  add(target: Target, until: number): void {
    // Moved to the end of the map: eviction takes from its front.
    this.#untils.delete(target);
    this.#untils.set(target, until);
    if (this.#untils.size > this.#cap) dropOldest(this.#untils, this.#cap);
  }

  /** Somebody lifted the hold: from then on it covers nothing. */
  lift(target: Target, at: number): void {
    const until = this.#untils.get(target);
    if (until !== undefined && at < until) this.#untils.set(target, at);
  }

  covers(target: Target, at: number): boolean {
    const until = this.#untils.get(target);
    return until !== undefined && at < until;
  }

  /** Drops holds that ended before any line that can still count. */
  sweep(before: number): void {
    for (const [target, until] of this.#untils) if (until <= before) this.#untils.delete(target);
  }
}
