import type {
  Action,
  ActionLimits,
  ApplyResult,
  Change,
  Clock,
  ListedEntry,
  Listing,
} from '@remand/api';

/** A list in memory whose entries end by themselves, as a firewall's do. */
export class ObserveAction implements Action {
  readonly limits: ActionLimits = {
    families: [4, 6],
    ranges: true,
    maxTimeoutMs: Number.MAX_SAFE_INTEGER,
  };
  readonly #clock: Clock;
  /** When each entry ends by the monotonic clock; infinite without a timeout. */
  readonly #ends = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async start(): Promise<void> {}

  async apply(changes: readonly Change[]): Promise<ApplyResult> {
    const now = this.#clock.monotonic();
    for (const { op, target, timeoutMs } of changes) {
      if (op === 'remove') this.#ends.delete(target);
      else this.#ends.set(target, now + (timeoutMs ?? Number.POSITIVE_INFINITY));
    }
    return { refused: [] };
  }

  async list(): Promise<Listing> {
    const now = this.#clock.monotonic();
    const entries: ListedEntry[] = [];
    for (const [target, end] of this.#ends) {
      if (end <= now) this.#ends.delete(target);
      else entries.push({ target, remainingMs: Number.isFinite(end) ? end - now : null });
    }
    return { state: 'known', entries };
  }

  async flush(): Promise<void> {
    this.#ends.clear();
  }
}
