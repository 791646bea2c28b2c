export interface BucketLimits {
  /** So many at once … */
  readonly burst: number;
  /** … and one more each so many ms. */
  readonly refillMs: number;
}

export interface BucketState {
  readonly tokens: number;
  /** When there were so many, in ms since the epoch. */
  readonly at: number;
}

/** A token bucket over wall time, so that a restart neither fills nor empties it. */
export class TokenBucket {
  #tokens: number;
  #at: number;

  constructor(now: number, { burst }: BucketLimits, state?: BucketState) {
    this.#tokens = state?.tokens ?? burst;
    this.#at = state?.at ?? now;
  }

  state(now: number, limits: BucketLimits): BucketState {
    this.#refill(now, limits);
    return { tokens: this.#tokens, at: this.#at };
  }

  /** ms until there is one; 0 when there is. */
  waitMs(now: number, limits: BucketLimits): number {
    this.#refill(now, limits);
    return this.#tokens >= 1 ? 0 : Math.ceil((1 - this.#tokens) * limits.refillMs);
  }

  /** Takes one, or what there is of it. */
  take(now: number, limits: BucketLimits): void {
    this.#refill(now, limits);
    this.#tokens = Math.max(0, this.#tokens - 1);
  }

  #refill(now: number, { burst, refillMs }: BucketLimits): void {
    // A clock that was set back refills nothing, and does not stop it either.
    const passed = Math.max(0, now - this.#at);
    this.#at = now;
    this.#tokens = Math.min(burst, this.#tokens + (refillMs > 0 ? passed / refillMs : burst));
  }
}
