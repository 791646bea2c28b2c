import type { Hold } from '../ledger/ledger.ts';

/** A binary min-heap of ends. What was replaced meanwhile is skipped by whoever takes it. */
export class ExpiryQueue {
  readonly #ends: number[] = [];
  readonly #holds: Hold[] = [];

  push(end: number, hold: Hold): void {
    let index = this.#ends.length;
    this.#ends.push(end);
    this.#holds.push(hold);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#end(parent) <= end) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** Yields and removes everything that ends at or before `now`, the earliest first. */
  *takeUntil(now: number): Iterable<Hold> {
    while (this.#ends.length > 0 && this.#end(0) <= now) {
      const [first] = this.#holds;
      const lastEnd = this.#ends.pop();
      const lastHold = this.#holds.pop();
      if (this.#ends.length > 0 && lastEnd !== undefined && lastHold !== undefined) {
        this.#ends[0] = lastEnd;
        this.#holds[0] = lastHold;
        this.#sink();
      }
      if (first) yield first;
    }
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let least = index;
      if (this.#end(left) < this.#end(least)) least = left;
      if (this.#end(right) < this.#end(least)) least = right;
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #end(index: number): number {
    return this.#ends[index] ?? Number.POSITIVE_INFINITY;
  }

  #swap(left: number, right: number): void {
    const [end, hold] = [this.#end(left), this.#holds[left]];
    const other = this.#holds[right];
    if (hold === undefined || other === undefined) return;
    this.#ends[left] = this.#end(right);
    this.#holds[left] = other;
    this.#ends[right] = end;
    this.#holds[right] = hold;
  }
}
