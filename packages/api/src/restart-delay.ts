const firstMs = 1_000;
const longestMs = 60_000;
/** What worked for so long did not fail at once. */
const steadyMs = 60_000;
/** So much of a delay is left to chance, so that many do not start again together. */
const jitter = 0.2;

/**
 * How long to wait before a program is started again: a second, twice as long each time that it ends
 * soon again, a minute at most.
 */
export class RestartDelay {
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** @param workedMs how long it ran */
  next(workedMs: number): number {
    this.#failures = workedMs >= steadyMs ? 1 : this.#failures + 1;
    const delayMs = Math.min(longestMs, firstMs * 2 ** Math.min(this.#failures - 1, 10));
    return Math.round(delayMs * (1 - jitter * this.#random()));
  }
}
