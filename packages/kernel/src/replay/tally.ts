/** Counts by key, for keys that attackers choose: at most `cap` of them. */
export class Tally {
  readonly #cap: number;
  readonly #counts = new Map<string, { count: number }>();
  #isExact = true;

  constructor(cap: number) {
    this.#cap = cap;
  }

  /** False when rare keys were dropped: the counts of others can be too low, never too high. */
  get isExact(): boolean {
    return this.#isExact;
  }

  add(key: string, count = 1): void {
    const known = this.#counts.get(key);
    if (known) known.count += count;
    else {
      if (this.#counts.size >= this.#cap) this.#makeRoom();
      this.#counts.set(key, { count });
    }
  }

  /** The keys with the highest counts, the highest first; equal ones by their names. */
  top(most: number): readonly (readonly [key: string, count: number])[] {
    return [...this.#counts]
      .map(([key, { count }]) => [key, count] as const)
      .sort(([left, many], [right, more]) => more - many || (left < right ? -1 : 1))
      .slice(0, most);
  }

  *entries(): Iterable<readonly [key: string, count: number]> {
    for (const [key, { count }] of this.#counts) yield [key, count];
  }

  /** Drops the rarest half. */
  #makeRoom(): void {
    this.#isExact = false;
    const kept = this.top(this.#cap >> 1);
    this.#counts.clear();
    for (const [key, count] of kept) this.#counts.set(key, { count });
  }
}
