import type {
  Action,
  ActionLimits,
  ApplyResult,
  Change,
  Clock,
  Coverage,
  Listing,
  Target,
} from '@remand/api';
import { beyondLimits } from './beyond-limits.ts';
import { commandFailure } from './recording-command-runner.ts';
import { TimedEntries } from './timed-entries.ts';

export interface MemoryListGiven {
  /** Counts down the timeouts, as the kernel of a real machine does. */
  readonly clock: Clock;
  /** Default: both families, ranges, no cap, timeouts up to a day. */
  readonly limits?: Partial<ActionLimits>;
  /** Whether it has `watch`. Default true. */
  readonly watchable?: boolean;
  /** Which packets it says that it stops. Default: it does not say. */
  readonly covers?: Coverage;
  /** Whether it cannot be read at all. Default false. */
  readonly unlisted?: boolean;
}

const noCalls = () => ({ start: 0, apply: 0, list: 0, flush: 0, stop: 0, dispose: 0 });

const everything: ActionLimits = {
  families: [4, 6],
  ranges: true,
  maxTimeoutMs: 86_400_000,
};

/**
 * A firewall's list in memory. It outlives the daemon: hand the same one to the next kernel and it
 * still blocks what it blocked, less what its own timeouts took out.
 */
export class MemoryList implements Action {
  readonly limits: ActionLimits;
  readonly covers?: Coverage;
  readonly watch?: (onChange: (what: string) => void, signal: AbortSignal) => void;
  /** Every batch that `apply` was called with, failed ones included. */
  readonly batches: (readonly Change[])[] = [];
  readonly calls = noCalls();
  readonly #entries: TimedEntries;
  readonly #refused = new Map<Target, string>();
  readonly #poisoned = new Set<Target>();
  readonly #failures: { readonly error: Error; readonly applied: boolean }[] = [];
  readonly #isUnlisted: boolean;
  readonly #watchers = new Set<(what: string) => void>();
  #unavailable: string | undefined;
  #hasContainer = false;
  #gate: Promise<void> = Promise.resolve();

  constructor(given: MemoryListGiven) {
    this.limits = { ...everything, ...given.limits };
    if (given.covers) this.covers = given.covers;
    this.#isUnlisted = given.unlisted ?? false;
    this.#entries = new TimedEntries(given.clock);
    if (given.watchable ?? true) {
      this.watch = (onChange, signal) => {
        this.#watchers.add(onChange);
        signal.addEventListener('abort', () => this.#watchers.delete(onChange), { once: true });
      };
    }
  }

  async start(): Promise<void> {
    this.calls.start += 1;
    this.#refuseIfUnavailable();
    this.#hasContainer = true;
  }

  async apply(changes: readonly Change[]): Promise<ApplyResult> {
    this.calls.apply += 1;
    this.batches.push(changes);
    await this.#gate;
    this.#refuseIfUnavailable();
    if (!this.#hasContainer) throw commandFailure('no such list');
    const failure = this.#failures.shift();
    if (failure !== undefined && !failure.applied) throw failure.error;
    const poison = changes.find((change) => this.#poisoned.has(change.target));
    if (poison !== undefined) throw commandFailure(`bad entry ${poison.target}`);
    const refused = changes.flatMap((change, index) => {
      const reason = this.#applyOne(change);
      return reason === undefined ? [] : [{ index, reason }];
    });
    if (failure !== undefined) throw failure.error;
    return { refused };
  }

  async list(): Promise<Listing> {
    this.calls.list += 1;
    if (this.#unavailable !== undefined) {
      return { state: 'unavailable', reason: this.#unavailable, hint: 'wait for the test' };
    }
    if (this.#isUnlisted) return { state: 'unlisted' };
    return { state: 'known', entries: this.#entries.listed };
  }

  async flush(): Promise<void> {
    this.calls.flush += 1;
    this.#refuseIfUnavailable();
    this.#entries.clear();
    this.#hasContainer = false;
  }

  async stop(): Promise<void> {
    this.calls.stop += 1;
  }

  async dispose(): Promise<void> {
    this.calls.dispose += 1;
  }

  /** What is blocked now, in the order of entry. */
  get targets(): readonly Target[] {
    return this.#entries.targets;
  }

  has(target: Target): boolean {
    return this.#entries.has(target);
  }

  /** `apply` refuses these targets from now on, and enforces the rest of their batch. */
  refuse(targets: readonly Target[], reason = 'refused by the test'): void {
    for (const target of targets) this.#refused.set(target, reason);
  }

  /** Ends what `refuse` and `poison` began. */
  accept(targets: readonly Target[]): void {
    for (const target of targets) {
      this.#refused.delete(target);
      this.#poisoned.delete(target);
    }
  }

  /** `apply` throws for every batch that holds one of these targets, and applies nothing of it. */
  poison(targets: readonly Target[]): void {
    for (const target of targets) this.#poisoned.add(target);
  }

  /** Makes the next `times` applies throw; `applied: true` does the work first. */
  failNextApplies(
    times = 1,
    given: { readonly error?: Error; readonly applied?: boolean } = {},
  ): void {
    const { error = commandFailure(), applied = false } = given;
    for (let time = 0; time < times; time++) this.#failures.push({ error, applied });
  }

  /** The firewall answers nothing from now on; undefined brings it back. */
  setUnavailable(reason: string | undefined): void {
    this.#unavailable = reason;
  }

  /** Applies wait until the returned function is called. */
  holdApplies(): () => void {
    const gate = Promise.withResolvers<void>();
    this.#gate = gate.promise;
    return gate.resolve;
  }

  /** Somebody else empties the list, or with `container` removes it altogether. */
  wipe(given: { readonly container?: boolean } = {}): void {
    this.#entries.clear();
    if (given.container ?? false) this.#hasContainer = false;
    this.announce('flushed');
  }

  /** Somebody else enters (or changes) targets. */
  addForeign(targets: readonly Target[], remainingMs: number | null = null): void {
    for (const target of targets) this.#entries.set(target, remainingMs);
    this.announce('changed');
  }

  /** Somebody else removes targets. */
  removeForeign(targets: readonly Target[]): void {
    for (const target of targets) this.#entries.delete(target);
    this.announce('changed');
  }

  /** Calls whoever watches. */
  announce(what: string): void {
    for (const onChange of this.#watchers) onChange(what);
  }

  #refuseIfUnavailable(): void {
    if (this.#unavailable !== undefined) throw commandFailure(this.#unavailable);
  }

  #applyOne(change: Change): string | undefined {
    if (change.op === 'remove') {
      this.#entries.delete(change.target);
      return undefined;
    }
    const reason =
      this.#refused.get(change.target) ?? beyondLimits(this.limits, change, this.#entries);
    if (reason !== undefined) return reason;
    this.#entries.set(change.target, change.timeoutMs);
    return undefined;
  }
}
