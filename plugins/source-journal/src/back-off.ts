const firstMs = 1_000;
const longestMs = 60_000;
/** Who worked for so long did not fail at once. */
const steadyMs = 60_000;

/** How long to wait before a program is started again: longer each time that it ends soon. */
export class BackOff {
  #failures = 0;

  /** @param workedMs how long it ran */
  next(workedMs: number): number {
    this.#failures = workedMs >= steadyMs ? 1 : this.#failures + 1;
    return Math.min(longestMs, firstMs * 2 ** Math.min(this.#failures - 1, 10));
  }
}
