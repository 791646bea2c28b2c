import type { Clock } from '@remand/api';

/** An event of ours is printed within milliseconds; this allows for a machine under load. */
const rememberMs = 2_000;

/** What this list deleted a moment ago: `nft monitor` prints it like anybody else's deletions. */
export class OwnDeletes {
  readonly #clock: Clock;
  #current = new Set<string>();
  #previous = new Set<string>();
  #since: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.monotonic();
  }

  /** To be called before the script that deletes them. */
  expect(set: string, addresses: Iterable<string>): void {
    this.#turn();
    for (const address of addresses) this.#current.add(`${set} ${address}`);
  }

  has(set: string, address: string): boolean {
    this.#turn();
    const key = `${set} ${address}`;
    return this.#current.has(key) || this.#previous.has(key);
  }

  /** Two generations: what is older than both is forgotten, without a timer for each. */
  #turn(): void {
    const ageMs = this.#clock.monotonic() - this.#since;
    if (ageMs < rememberMs) return;
    this.#previous = ageMs < 2 * rememberMs ? this.#current : new Set();
    this.#current = new Set();
    this.#since += ageMs;
  }
}
