import assert from 'node:assert/strict';
import {
  type Action,
  type ApplyResult,
  type Change,
  CommandError,
  type CommandRunner,
  type PluginToken,
  pluginTokens,
  type Target,
} from '@remand/api';
import { memoryLogger } from '../memory-logger.ts';
import { RecordingCommandRunner } from '../recording-command-runner.ts';
import type { ActionContractGiven, ActionRig } from './action-rig.ts';

/** Entries by target with what is left of their time. */
export type Entries = ReadonlyMap<Target, number | null>;

const holder = 'contract';

/** Makes instances of an action on one rig, and asks them as the kernel does. */
export class ActionUnderTest {
  readonly rig: ActionRig;
  readonly #given: ActionContractGiven;
  readonly #options: unknown;
  readonly #ended = new AbortController();
  #isCut = false;

  private constructor(given: ActionContractGiven, rig: ActionRig, options: unknown) {
    this.#given = given;
    this.rig = rig;
    this.#options = options;
  }

  static async on(given: ActionContractGiven, rig: ActionRig): Promise<ActionUnderTest> {
    const { plugin, options = {} } = given;
    const result = await plugin.options['~standard'].validate(options);
    if (result.issues) throw new Error(`the options are refused: ${result.issues[0]?.message}`);
    return new ActionUnderTest(given, rig, result.value);
  }

  /** Aborts when the case is over. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  end(): void {
    this.#ended.abort();
  }

  /** Like a start of the daemon: a new instance for the same list, or for that of another holder. */
  create(who = holder): Action {
    const { plugin } = this.#given;
    const byScope = plugin.scope === 'jail' ? `${plugin.name}/${who}` : plugin.name;
    const list = plugin.listKey?.(this.#options, who) ?? byScope;
    const services = new Map<PluginToken<unknown>, unknown>([
      [pluginTokens.clock, this.rig.clock],
      [pluginTokens.commands, this.#commands],
      [pluginTokens.logger, memoryLogger()],
    ]);
    const injected = plugin.inject.map((token: PluginToken<unknown>) => services.get(token));
    return plugin.create({ list, options: this.#options }, ...injected);
  }

  async started(who = holder): Promise<Action> {
    const action = this.create(who);
    await action.start(this.signal);
    return action;
  }

  cutOff(isCut: boolean): void {
    this.#isCut = isCut;
    this.rig.cutOff?.(isCut);
  }

  /** Applies changes that must all succeed. Times are shortened to what the limits allow. */
  async apply(action: Action, changes: readonly Change[]): Promise<void> {
    const { refused } = await this.tryToApply(action, changes);
    assert.deepEqual(refused, []);
  }

  tryToApply(action: Action, changes: readonly Change[]): Promise<ApplyResult> {
    const { maxTimeoutMs } = action.limits;
    const within = changes.map((change) =>
      (change.timeoutMs ?? 0) > maxTimeoutMs ? { ...change, timeoutMs: null } : change,
    );
    return action.apply(within, this.signal);
  }

  async entries(action: Action): Promise<Entries> {
    const listing = await action.list(this.signal);
    assert.equal(listing.state, 'known', 'reason' in listing ? listing.reason : '');
    const { entries } = listing as Extract<typeof listing, { state: 'known' }>;
    assert.equal(new Set(entries.map(({ target }) => target)).size, entries.length, 'listed twice');
    return new Map(entries.map(({ target, remainingMs }) => [target, remainingMs]));
  }

  /** Takes out what is ours, as `remand flush` does. */
  async takeOut(action: Action, targets: readonly Target[]): Promise<void> {
    if (this.#given.plugin.ownership === 'own') await action.flush(this.signal);
    else await this.apply(action, targets.map(remove));
  }

  readonly #commands: CommandRunner = {
    run: (argv, options) =>
      this.#isCut ? Promise.reject(this.#missing(argv)) : this.#real.run(argv, options),
    stream: (argv) => this.#real.stream(argv),
  };

  get #real(): CommandRunner {
    return this.rig.commands ?? new RecordingCommandRunner();
  }

  #missing(argv: readonly string[]): CommandError {
    return new CommandError('COMMAND_MISSING', `${argv[0]} is not installed`, {
      argv,
      hint: 'the suite took it away',
    });
  }
}

export function add(target: Target, timeoutMs: number | null): Change {
  return { op: 'add', target, timeoutMs };
}

export function extend(target: Target, timeoutMs: number | null): Change {
  return { op: 'extend', target, timeoutMs };
}

export function remove(target: Target): Change {
  return { op: 'remove', target, timeoutMs: null };
}
