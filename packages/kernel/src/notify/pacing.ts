import { type BucketLimits, type BucketState, TokenBucket } from './token-bucket.ts';

const longestGapMs = 3_600_000;

/** A bucket may be filled more slowly than that. */
function longestOf({ refillMs }: BucketLimits): number {
  return Math.max(longestGapMs, refillMs);
}

/** What has to be known after a restart. Times in ms since the epoch. */
export interface PacingState extends BucketState {
  /** In a flood: when the next message goes, and how long after that the one behind it. */
  readonly flood?: Flood;
}

interface Flood {
  readonly nextAt: number;
  readonly gapMs: number;
}

/**
 * When the next message of a notifier may go. So many at once go by the bucket. When one finds the
 * bucket empty it is a flood: what comes is gathered, and the messages go at growing distances, the
 * first when there is a token again, then after twice as long each, up to an hour. A distance in
 * which nothing came ends the flood.
 */
export class Pacing {
  readonly #bucket: TokenBucket;
  #flood: Flood | undefined;
  /** Something waits for the next message of the flood. */
  #waits = false;

  constructor(now: number, limits: BucketLimits, state?: PacingState) {
    this.#bucket = new TokenBucket(now, limits, state);
    const { flood } = state ?? {};
    // Further away than a distance can be: the clock was set back.
    if (!flood || flood.nextAt > now + longestOf(limits)) return;
    this.#flood = flood;
    // It goes on unless it was over long before: what waited is not known.
    this.#waits = now <= flood.nextAt + flood.gapMs;
  }

  state(now: number, limits: BucketLimits): PacingState {
    return {
      ...this.#bucket.state(now, limits),
      ...(this.#flood && { flood: this.#flood }),
    };
  }

  /** ms until a message may go; asked when there is one. An urgent one is kept by the bucket alone. */
  waitMs(now: number, limits: BucketLimits, urgent: boolean): number {
    const wait = this.#bucket.waitMs(now, limits);
    if (urgent) return wait;
    if (!this.#flood) {
      if (wait === 0) return 0;
      this.#flood = { nextAt: now + wait, gapMs: Math.max(1, limits.refillMs) };
    }
    const left = this.#flood.nextAt - now;
    if (left > 0 && left <= longestOf(limits)) {
      this.#waits = true;
      return left;
    }
    return 0;
  }

  sent(
    now: number,
    limits: BucketLimits,
    { urgent, messages }: { readonly urgent: boolean; readonly messages: number },
  ): void {
    // One that was refused as a whole has cost its server a message all the same.
    for (let taken = 0; taken < Math.max(1, messages); taken += 1) this.#bucket.take(now, limits);
    if (urgent || !this.#flood) return;
    if (this.#waits) {
      const gapMs = Math.min(longestOf(limits), 2 * this.#flood.gapMs);
      this.#flood = { nextAt: now + gapMs, gapMs };
    } else {
      this.#flood = undefined;
    }
    this.#waits = false;
  }
}
