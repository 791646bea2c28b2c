import assert from 'node:assert/strict';
import {
  type Action,
  type ApplyResult,
  type Change,
  CommandError,
  type CommandRunner,
  type Target,
} from '@remand/api';
import { validOptions } from '../builders.ts';
import { RecordingCommandRunner } from '../recording-command-runner.ts';
import type { ActionContractGiven, ActionRig } from './action-rig.ts';
import { injectedFor } from './injected-for.ts';

/** Entries by target with what is left of their time. */
export type Entries = ReadonlyMap<Target, number | null>;

const holder = 'contract';

/** Makes instances of an action on one rig, and asks them as the kernel does. */
export class ActionUnderTest {
  readonly rig: ActionRig;
  readonly #given: ActionContractGiven;
  readonly #options: unknown;
  /** For the same list. */
  readonly #others: readonly unknown[];
  readonly #ended = new AbortController();
  #isCut = false;
  #stopped: Target | undefined;

  private constructor(
    given: ActionContractGiven,
    rig: ActionRig,
    [options, ...others]: readonly unknown[],
  ) {
    this.#given = given;
    this.rig = rig;
    this.#options = options;
    this.#others = others;
  }

  static async on(given: ActionContractGiven, rig: ActionRig): Promise<ActionUnderTest> {
    const { plugin, options = {}, otherOptions = [] } = given;
    const valid: unknown[] = [];
    for (const one of [options, ...otherOptions]) valid.push(await validOptions(plugin, one));
    return new ActionUnderTest(given, rig, valid);
  }

  /** Aborts when the case is over. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  end(): void {
    this.#ended.abort();
  }

  /** Like a start of the daemon: a new instance for the same list, or for that of another holder. */
  create(who = holder, options = this.#options): Action {
    const { plugin } = this.#given;
    const byScope = plugin.scope === 'jail' ? `${plugin.name}/${who}` : plugin.name;
    const list = plugin.listKey?.(options, who) ?? byScope;
    const injected = injectedFor(plugin, { clock: this.rig.clock, commands: this.#commands });
    return plugin.create({ list, options }, ...injected);
  }

  async started(who = holder, options = this.#options): Promise<Action> {
    const action = this.create(who, options);
    await action.start(this.signal);
    return action;
  }

  /** Pairs of options, one for the life before and one for the next. */
  get changesOfOptions(): readonly (readonly [unknown, unknown])[] {
    return this.#others.flatMap((other) => [
      [this.#options, other] as const,
      [other, this.#options] as const,
    ]);
  }

  /** Checks after each command of `work` that the firewall still stops an address. */
  async whileStopping<T>(target: Target, work: () => Promise<T>): Promise<T> {
    this.#stopped = target;
    try {
      await this.#isStopped(['before the first command']);
      return await work();
    } finally {
      this.#stopped = undefined;
    }
  }

  async cutOff(isCut: boolean): Promise<void> {
    this.#isCut = isCut;
    await this.rig.cutOff?.(isCut);
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
    run: async (argv, options) => {
      if (this.#isCut) throw this.#missing(argv);
      const result = await this.#real.run(argv, options);
      await this.#isStopped(argv);
      return result;
    },
    stream: (argv) => this.#real.stream(argv),
  };

  get #real(): CommandRunner {
    return this.rig.commands ?? new RecordingCommandRunner();
  }

  async #isStopped(argv: readonly string[]): Promise<void> {
    if (this.#stopped === undefined || !this.rig.stops) return;
    const isStopped = await this.rig.stops(this.#stopped);
    assert.ok(isStopped, `${this.#stopped} gets through: ${argv.join(' ')}`);
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
