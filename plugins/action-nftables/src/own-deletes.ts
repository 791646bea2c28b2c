import type { Clock } from '@remand/api';

/** An event of ours is printed within milliseconds; this allows for a machine under load. */
const rememberMs = 2_000;

/**
 * What this list deletes: `nft monitor` prints it like anybody else's deletions, each once. So each
 * that is expected stands for one event: when somebody deletes the same a moment later, that is seen.
 */
export class OwnDeletes {
  readonly #clock: Clock;
  #current = new Map<string, number>();
  #previous = new Map<string, number>();
  #since: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.monotonic();
  }

  /** To be called before the script that deletes them. */
  expect(set: string, addresses: Iterable<string>): void {
    this.#turn();
    for (const address of addresses) {
      const key = `${set} ${address}`;
      this.#current.set(key, (this.#current.get(key) ?? 0) + 1);
    }
  }

  /** An event came. @returns whether it was expected */
  take(set: string, address: string): boolean {
    this.#turn();
    const key = `${set} ${address}`;
    return takeOne(this.#previous, key) || takeOne(this.#current, key);
  }

  /** Two generations: what is older than both is forgotten, without a timer for each. */
  #turn(): void {
    const ageMs = this.#clock.monotonic() - this.#since;
    if (ageMs < rememberMs) return;
    this.#previous = ageMs < 2 * rememberMs ? this.#current : new Map();
    this.#current = new Map();
    this.#since += ageMs;
  }
}

function takeOne(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key) ?? 0;
  if (count > 1) counts.set(key, count - 1);
  else counts.delete(key);
  return count > 0;
}
