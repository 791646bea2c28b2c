import { type Clock, type Health, printable } from '@remand/api';

/** What was turned away is shown for so long after the last time. */
const shownMs = 60_000;

/** The worst first. Strangers are no trouble: that is what the list is for. */
const troubles = {
  full: 'messages were dropped, because more came than could be read',
  fast: 'messages were dropped, because one address sent more than `maxBytesPerSecond`',
  connections: 'connections were refused, because there are too many',
} as const;

export type Refusal = keyof typeof troubles | 'stranger';

/** Counts what a listener does not take. */
export class Tally {
  readonly #clock: Clock;
  readonly #counts = new Map<Refusal, { count: number; at: number; last: string }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  count(refusal: Refusal, sender: string): void {
    const known = this.#counts.get(refusal);
    const at = this.#clock.monotonic();
    this.#counts.set(refusal, { count: (known?.count ?? 0) + 1, at, last: sender });
  }

  /** Whether something was turned away of late. */
  get health(): Health {
    const now = this.#clock.monotonic();
    for (const [refusal, words] of Object.entries(troubles)) {
      const found = this.#counts.get(refusal as keyof typeof troubles);
      if (!found || now - found.at > shownMs) continue;
      return {
        state: 'degraded',
        reason: `${words} (last: ${printable(found.last, 60)})`,
        hint: 'look at who sends so much; raise the limit if it is right, or use tcp, which waits',
      };
    }
    return { state: 'ok' };
  }

  /** Counts for a log line, and begins again. */
  take(): Readonly<Record<string, number>> | undefined {
    if (this.#fresh() === 0) return undefined;
    const counts = Object.fromEntries(
      [...this.#counts].map(([refusal, { count }]) => [refusal, count]),
    );
    for (const one of this.#counts.values()) one.count = 0;
    return counts;
  }

  #fresh(): number {
    return [...this.#counts.values()].reduce((sum, { count }) => sum + count, 0);
  }
}
