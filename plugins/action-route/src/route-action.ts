import {
  type Action,
  type ActionLimits,
  type ApplyResult,
  type CancelTimer,
  type Change,
  type Clock,
  CommandError,
  type CommandRunner,
  type Coverage,
  type Listing,
  type Logger,
  printable,
  type RunOptions,
  type Target,
  targetParts,
  whyNotEnterable,
} from '@remand/api';
import { type Family, families, Layout } from './layout.ts';
import type { Options } from './options.ts';
import { PresentFamilies } from './present-families.ts';
import { type FamilyState, Routes } from './routes.ts';

export interface RouteGiven {
  readonly list: string;
  readonly options: Options;
  readonly commands: CommandRunner;
  readonly clock: Clock;
  readonly logger: Logger;
}

const timeoutMs = 25_000;
const probeEveryMs = 5_000;

/**
 * One list: a routing table of its own, and a rule in both families that asks it before the tables
 * of others. So no route of an administrator is in the way of a ban, or the other way round.
 */
export class RouteAction implements Action {
  readonly limits: ActionLimits = { families, ranges: true, maxTimeoutMs: 0 };
  /** Without an answer no TCP connection comes about; a datagram arrives all the same. */
  readonly covers: Coverage = {
    hook: 'the routing of replies',
    local: true,
    forwarded: true,
    established: true,
    protocols: ['tcp'],
  };
  readonly #given: RouteGiven;
  readonly #layout: Layout;
  readonly #routes: Routes;
  readonly #families: PresentFamilies;
  /** What is in as far as we know. */
  #left = new Set<Target>();
  #isFlushed = false;
  /** Odd while something is under way. */
  #work = 0;

  constructor(given: RouteGiven) {
    this.#given = given;
    this.#layout = new Layout(given.options);
    this.#routes = new Routes(given.commands, this.#layout);
    this.#families = new PresentFamilies({ ...given, routes: this.#routes });
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#working(() => this.#makeRight({ timeoutMs, signal }));
    this.#isFlushed = false;
  }

  async apply(changes: readonly Change[], signal: AbortSignal): Promise<ApplyResult> {
    const reasons = changes.map(
      ({ target }) =>
        whyNotEnterable(target) ?? this.#families.whyMissing(targetParts(target).family),
    );
    const indexes = [...changes.keys()].filter((index) => reasons[index] === undefined);
    const usable = indexes.flatMap((index) => changes[index] ?? []);
    const failed = await this.#working(() => this.#enter(usable, { timeoutMs, signal }));
    for (const [position, reason] of failed) reasons[indexes[position] ?? -1] = reason;
    const refused = reasons.flatMap((reason, index) =>
      reason === undefined ? [] : [{ index, reason }],
    );
    return { refused };
  }

  /** Puts the rule right first: without it nothing of what is listed is blocked. */
  async list(signal: AbortSignal): Promise<Listing> {
    try {
      await this.#working(() => this.#makeRight({ timeoutMs, signal }));
      const entries = Array.from(this.#left, (target) => ({ target, remainingMs: null }));
      return { state: 'known', entries };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const hint = error.hint ?? 'look at `ip rule` and `ip route show table all` as root';
      return { state: 'unavailable', reason: error.message, hint };
    }
  }

  async flush(signal: AbortSignal): Promise<void> {
    const run = { timeoutMs, signal };
    await this.#working(async () => {
      const states = await this.#families.read(run);
      this.#isFlushed = true;
      for (const [family, { hasRule, targets, old }] of states) {
        const ours = [...Array.from(targets, (target) => this.#layout.route(target)), ...old];
        const lines = ours.map((route) => this.#layout.removal(route));
        await this.#routes.batch(lines, run);
        if (hasRule) await this.#routes.removeRule(family, run);
      }
      const after = await this.#families.read(run);
      const left = [...after.values()].reduce(
        (sum, { targets, old }) => sum + targets.size + old.length,
        0,
      );
      if (left === 0) return;
      throw new CommandError(
        'COMMAND_FAILED',
        `${left} routes of table ${this.#layout.table} stay`,
        {
          hint: `look at \`ip route show table ${this.#layout.table}\` as root`,
        },
      );
    });
  }

  /** A daemon that routes for the whole Internet floods `ip monitor`: a look now and then instead. */
  watch(onChange: (what: string) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    const { clock } = this.#given;
    let cancel: CancelTimer;
    const later = () => {
      cancel = clock.after(probeEveryMs, async () => {
        const isRight = await this.#isAsLeft(signal);
        if (signal.aborted) return;
        later();
        if (!isRight) onChange(`the routing table ${this.#layout.table} or its rule`);
      });
    };
    later();
    signal.addEventListener('abort', () => cancel(), { once: true });
  }

  async #isAsLeft(signal: AbortSignal): Promise<boolean> {
    const before = this.#work;
    if (this.#isFlushed || before % 2 === 1) return true;
    let found = 0;
    try {
      for (const family of families) {
        if (this.#families.whyMissing(family) !== undefined) continue;
        const { hasRule, targets, old } = await this.#routes.read(family, { timeoutMs, signal });
        if (this.#work !== before) return true;
        if (!hasRule || old.length > 0 || !targets.isSubsetOf(this.#left)) return false;
        found += targets.size;
      }
    } catch {
      // `list` will find out why and say it.
      return this.#work !== before;
    }
    return found === this.#left.size;
  }

  /** @returns why changes failed, by their place in `changes` */
  async #enter(changes: readonly Change[], run: RunOptions): Promise<ReadonlyMap<number, string>> {
    const lines = changes.map(({ op, target }) =>
      op === 'remove'
        ? this.#layout.removal(this.#layout.route(target))
        : this.#layout.addition(target),
    );
    const said = await this.#routes.batch(lines, run);
    // An add of what is there and a removal of what is gone fail too: the table tells.
    if (said) await this.#makeRight(run);
    else {
      for (const { op, target } of changes) {
        if (op === 'remove') this.#left.delete(target);
        else this.#left.add(target);
      }
    }
    const failed = new Map<number, string>();
    if (!said) return failed;
    const last = new Map(changes.map(({ op, target }) => [target, op]));
    for (const [position, { target }] of changes.entries()) {
      const isIn = this.#left.has(target);
      if (isIn === (last.get(target) !== 'remove')) continue;
      failed.set(position, said.get(position + 1) ?? 'ip could not change the route');
    }
    return failed;
  }

  /** Makes the rules that are missing, and routes what is there as the options want. */
  async #makeRight(run: RunOptions): Promise<void> {
    const states = await this.#families.read(run);
    for (const { foreign } of states.values()) this.#refuseForeign(foreign);
    const left = new Set<Target>();
    for (const [family, state] of states) {
      if (!state.hasRule) await this.#routes.addRule(family, run);
      for (const target of await this.#renewed(family, state, run)) left.add(target);
    }
    this.#left = left;
  }

  /** Replaces routes of the other type. @returns what is blocked */
  async #renewed(
    family: Family,
    { targets, old }: FamilyState,
    run: RunOptions,
  ): Promise<ReadonlySet<Target>> {
    if (old.length === 0) return targets;
    const lines = old.flatMap((route) => [
      ...(targets.has(route.target) ? [] : [this.#layout.addition(route.target)]),
      this.#layout.removal(route),
    ]);
    await this.#routes.batch(lines, run);
    return (await this.#routes.read(family, run)).targets;
  }

  #refuseForeign([first]: readonly string[]): void {
    if (first === undefined) return;
    const { table } = this.#layout;
    throw new CommandError(
      'REFUSED',
      `the routing table ${table} holds a route that is not remand's: "${printable(first, 100)}"`,
      { hint: 'choose another `table`, or move that route' },
    );
  }

  async #working<T>(work: () => Promise<T>): Promise<T> {
    this.#work++;
    try {
      return await work();
    } finally {
      this.#work++;
    }
  }
}
