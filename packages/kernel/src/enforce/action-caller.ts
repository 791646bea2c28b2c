import {
  type Action,
  type ApplyResult,
  type Change,
  type Clock,
  type Listing,
  PluginError,
} from '@remand/api';
import { withDeadline } from '../plugins/with-deadline.ts';
import { ListDown } from './list-down.ts';

const deadlineMs = 30_000;

/** Calls an action with a deadline for each call. */
export class ActionCaller {
  readonly #action: Action;
  readonly #clock: Clock;
  readonly #what: string;
  readonly #onLate: () => void;
  #isClosed = false;
  #late = 0;

  /** `onLate` hears of a call that ends after its deadline: what it did is not known. */
  constructor(given: {
    readonly action: Action;
    readonly clock: Clock;
    readonly what: string;
    readonly onLate: () => void;
  }) {
    this.#action = given.action;
    this.#clock = given.clock;
    this.#what = given.what;
    this.#onLate = given.onLate;
  }

  /** Whether a call that was given up still goes on: it may yet change the firewall. */
  get hasLateCalls(): boolean {
    return this.#late > 0;
  }

  /** Nothing is called any more except `stop`. */
  close(): void {
    this.#isClosed = true;
  }

  start(): Promise<void> {
    return this.#call('start', (signal) => this.#action.start(signal));
  }

  async apply(changes: readonly Change[]): Promise<ApplyResult> {
    // What was refused is told by its index: the kernel's own batch must stay as it is.
    const batch = Object.freeze(changes.map((change) => Object.freeze(change)));
    const result = await this.#call('apply', (signal) => this.#action.apply(batch, signal));
    if (!Array.isArray(result?.refused)) throw this.#malformed('apply');
    return result;
  }

  async list(): Promise<Listing> {
    const listing = await this.#call('list', (signal) => this.#action.list(signal));
    if (listing?.state === 'unavailable' || listing?.state === 'unlisted') return listing;
    if (listing?.state !== 'known' || !Array.isArray(listing.entries)) {
      throw this.#malformed('list');
    }
    return listing;
  }

  flush(): Promise<void> {
    return this.#call('flush', (signal) => this.#action.flush(signal));
  }

  async stop(stopMs: number): Promise<void> {
    const given = { clock: this.#clock, deadlineMs: stopMs, what: `${this.#what} (stop)` };
    await withDeadline(given, async () => this.#action.stop?.(stopMs));
  }

  async #call<T>(name: string, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new ListDown('remand is being stopped', '');
    let state: 'running' | 'ended' | 'given-up' = 'running';
    const given = { clock: this.#clock, deadlineMs, what: `${this.#what} (${name})` };
    try {
      return await withDeadline(given, async (signal) => {
        try {
          return await call(signal);
        } finally {
          if (state === 'given-up') {
            this.#late--;
            this.#onLate();
          }
          state = 'ended';
        }
      });
    } finally {
      if (state === 'running') {
        state = 'given-up';
        this.#late++;
      }
    }
  }

  #malformed(name: string): PluginError {
    return new PluginError('PLUGIN_CALL', `${this.#what}: ${name} returned something else`, {
      plugin: this.#what,
      phase: 'work',
      hint: 'report it to the author of the plugin',
    });
  }
}
