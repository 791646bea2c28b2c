import type { FuseReport } from '@remand/api';

/**
 * Counts bans over a sliding window. Past the limit it trips: one alarm, and no new ranges and no
 * new rungs until the rate has fallen or somebody resets it. Single addresses are still banned.
 */
export class Fuse {
  #bans: number;
  #withinMs: number;
  // Bans per slice of the window, so that a flood does not fill memory with times.
  #slices = new Map<number, number>();
  #recent = 0;
  #tripped = false;

  constructor(limits: { readonly bans: number; readonly withinMs: number }) {
    this.#bans = limits.bans;
    this.#withinMs = limits.withinMs;
  }

  get tripped(): boolean {
    return this.#tripped;
  }

  /** @returns true when this count trips the fuse */
  count(bans: number, now: number): boolean {
    this.#forget(now);
    const slice = this.#slice(now);
    this.#slices.set(slice, (this.#slices.get(slice) ?? 0) + bans);
    this.#recent += bans;
    if (this.#tripped || this.#recent <= this.#bans) return false;
    this.#tripped = true;
    return true;
  }

  /** Closes the fuse again once the rate has fallen. @returns true when it did just now */
  settle(now: number): boolean {
    this.#forget(now);
    if (!this.#tripped || this.#recent > this.#bans) return false;
    this.#tripped = false;
    return true;
  }

  /** Other limits; what was counted stays, as far as the new window reaches. */
  configure(limits: { readonly bans: number; readonly withinMs: number }, now: number): void {
    const ratio = this.#withinMs / limits.withinMs;
    const slices = new Map<number, number>();
    for (const [slice, bans] of this.#slices) {
      const same = Math.floor(slice * ratio);
      slices.set(same, (slices.get(same) ?? 0) + bans);
    }
    this.#slices = slices;
    this.#bans = limits.bans;
    this.#withinMs = limits.withinMs;
    this.#forget(now);
  }

  reset(): void {
    this.#slices.clear();
    this.#recent = 0;
    this.#tripped = false;
  }

  report(now: number): FuseReport {
    this.#forget(now);
    return {
      tripped: this.#tripped,
      bans: this.#bans,
      withinMs: this.#withinMs,
      recent: this.#recent,
    };
  }

  #slice(now: number): number {
    return Math.floor((now * 60) / this.#withinMs);
  }

  #forget(now: number): void {
    const oldest = this.#slice(now) - 60;
    for (const [slice, bans] of this.#slices) {
      if (slice > oldest) continue;
      this.#slices.delete(slice);
      this.#recent -= bans;
    }
  }
}
