import {
  type Action,
  type ActionPlugin,
  type ApplyResult,
  type Change,
  CommandError,
  type Coverage,
  type Listing,
  type OptionsSchema,
  type PluginToken,
} from '@remand/api';
import { commandFailure } from '@remand/testkit';

/** What is wrong with one firewall list; outlives the daemon. */
export class Faults {
  /** The next applies fail: without doing anything, when all is done, or half-way. */
  failing: { readonly how: 'before' | 'after' | 'partly'; times: number } | undefined;
  isUnavailable = false;
  readonly refused = new Set<string>();
  /** The daemon is killed at its next apply. */
  killAt: 'before' | 'after' | undefined;
  /** How often the list was read. */
  readings = 0;
}

/** One process of the daemon. */
export interface Life {
  readonly isAlive: boolean;
  kill(): void;
}

/** The same plugin on a firewall that fails when the test says so, used by a mortal daemon. */
export function faultyPlugin<
  Schema extends OptionsSchema,
  Inject extends readonly PluginToken<unknown>[],
>(
  plugin: ActionPlugin<Schema, Inject>,
  faultsOf: (list: string) => Faults,
  life: () => Life,
): ActionPlugin<Schema, Inject> {
  return {
    ...plugin,
    create: (given, ...injected) =>
      new FaultyAction(plugin.create(given, ...injected), faultsOf(given.list), life()),
  };
}

class FaultyAction implements Action {
  readonly covers?: Coverage;
  readonly watch?: NonNullable<Action['watch']>;
  readonly #action: Action;
  readonly #faults: Faults;
  readonly #life: Life;

  constructor(action: Action, faults: Faults, life: Life) {
    this.#action = action;
    this.#faults = faults;
    this.#life = life;
    if (action.covers) this.covers = action.covers;
    if (action.watch) {
      this.watch = (onChange, signal) =>
        action.watch?.((what) => life.isAlive && onChange(what), signal);
    }
  }

  /** Some find out only when they have looked at the firewall. */
  get limits() {
    return this.#action.limits;
  }

  async start(signal: AbortSignal): Promise<void> {
    if (!this.#life.isAlive) return;
    this.#refuseIfUnavailable();
    await this.#action.start(signal);
  }

  async apply(changes: readonly Change[], signal: AbortSignal): Promise<ApplyResult> {
    const faults = this.#faults;
    if (faults.killAt === 'before') this.#kill();
    // What a dead process asks for has no effect.
    if (!this.#life.isAlive) return { refused: [] };
    this.#refuseIfUnavailable();
    const failing = faults.failing;
    if (failing && --failing.times <= 0) faults.failing = undefined;
    if (failing?.how === 'before') throw commandFailure('it fails');
    const most = failing?.how === 'partly' ? changes.length / 2 : changes.length;
    const isRefused = ({ op, target }: Change) => op !== 'remove' && faults.refused.has(target);
    const allowed = changes.slice(0, Math.floor(most)).filter((change) => !isRefused(change));
    const result = allowed.length > 0 && (await this.#action.apply(allowed, signal));
    if (faults.killAt === 'after') this.#kill();
    if (failing) throw new CommandError('COMMAND_TIMEOUT', 'it answers too late');
    const refused = changes.flatMap((change, index) =>
      isRefused(change) ? [{ index, reason: 'the test refuses it' }] : [],
    );
    const theirs = (result || { refused: [] }).refused.flatMap(({ index, reason }) => {
      const change = allowed[index];
      return change ? [{ index: changes.indexOf(change), reason }] : [];
    });
    return { refused: [...refused, ...theirs] };
  }

  async list(signal: AbortSignal): Promise<Listing> {
    if (this.#faults.isUnavailable) {
      return { state: 'unavailable', reason: 'it is away', hint: 'wait for the test' };
    }
    const listing = await this.#action.list(signal);
    if (this.#life.isAlive) this.#faults.readings++;
    return listing;
  }

  async flush(signal: AbortSignal): Promise<void> {
    if (!this.#life.isAlive) return;
    this.#refuseIfUnavailable();
    await this.#action.flush(signal);
  }

  async stop(deadlineMs: number): Promise<void> {
    await this.#action.stop?.(deadlineMs);
  }

  async dispose(): Promise<void> {
    await this.#action.dispose?.();
  }

  #kill(): void {
    this.#faults.killAt = undefined;
    this.#life.kill();
  }

  #refuseIfUnavailable(): void {
    if (this.#faults.isUnavailable) throw commandFailure('it is away');
  }
}
