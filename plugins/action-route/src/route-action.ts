import {
  type Action,
  type ActionLimits,
  type ApplyResult,
  type CancelTimer,
  type Change,
  type Clock,
  CommandError,
  type CommandRunner,
  type Listing,
  type Logger,
  printable,
  type RunOptions,
  type Target,
  targetParts,
} from '@remand/api';
import { whyNotEnterable } from './enterable.ts';
import { type Family, families, Layout } from './layout.ts';
import type { Options } from './options.ts';
import { type FamilyState, isFamilyMissing, Routes } from './routes.ts';

export interface RouteGiven {
  readonly list: string;
  readonly options: Options;
  readonly commands: CommandRunner;
  readonly clock: Clock;
  readonly logger: Logger;
}

type States = ReadonlyMap<Family, FamilyState>;

const timeoutMs = 25_000;
const probeEveryMs = 5_000;

/**
 * One list: a routing table of its own, and a rule in both families that asks it before the tables
 * of others. So no route of an administrator is in the way of a ban, or the other way round.
 */
export class RouteAction implements Action {
  readonly limits: ActionLimits = { families, ranges: true, maxTimeoutMs: 0 };
  readonly #given: RouteGiven;
  readonly #layout: Layout;
  readonly #routes: Routes;
  /** Families that this machine does not have, and why. */
  readonly #missing = new Map<Family, string>();
  /** What is in as far as we know. */
  #left = new Set<Target>();
  #isFlushed = false;
  /** Odd while something is under way. */
  #work = 0;

  constructor(given: RouteGiven) {
    this.#given = given;
    this.#layout = new Layout(given.options);
    this.#routes = new Routes(given.commands, this.#layout);
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#working(() => this.#makeRight({ timeoutMs, signal }));
    this.#isFlushed = false;
  }

  async apply(changes: readonly Change[], signal: AbortSignal): Promise<ApplyResult> {
    const reasons = changes.map(
      ({ target }) => whyNotEnterable(target) ?? this.#missing.get(targetParts(target).family),
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

  /** Puts the rule right, so that what was lost with it counts as missing no longer. */
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
      const states = await this.#read(run);
      this.#isFlushed = true;
      for (const [family, { hasRule, routes }] of states) {
        const lines = Array.from(routes.keys(), (target) => this.#layout.removal(target));
        await this.#routes.batch(lines, run);
        if (hasRule) await this.#routes.removeRule(family, run);
      }
      const after = await this.#read(run);
      const left = [...after.values()].reduce((sum, { routes }) => sum + routes.size, 0);
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
        if (this.#missing.has(family)) continue;
        const { hasRule, routes } = await this.#routes.read(family, { timeoutMs, signal });
        if (this.#work !== before) return true;
        if (!hasRule) return false;
        for (const [target, route] of routes) {
          if (!this.#left.has(target) || !this.#layout.isRight(route)) return false;
        }
        found += routes.size;
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
      op === 'remove' ? this.#layout.removal(target) : this.#layout.addition(target),
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
    const states = await this.#read(run);
    for (const { foreign } of states.values()) this.#refuseForeign(foreign);
    const left = new Set<Target>();
    for (const [family, { hasRule, routes }] of states) {
      if (!hasRule) await this.#routes.addRule(family, run);
      const wrong = [...routes.values()].filter((route) => !this.#layout.isRight(route));
      const lines = wrong.flatMap(({ target }) => [
        this.#layout.removal(target),
        this.#layout.addition(target),
      ]);
      const failures = await this.#routes.batch(lines, run);
      const lost = new Set(failures ? wrong.map(({ target }) => target) : []);
      for (const target of routes.keys()) if (!lost.has(target)) left.add(target);
    }
    this.#left = left;
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

  /** The families that this machine has. @throws when it has none, or one cannot be read */
  async #read(run: RunOptions): Promise<States> {
    const states = new Map<Family, FamilyState>();
    const missing = new Map<Family, CommandError>();
    for (const family of families) {
      try {
        states.set(family, await this.#routes.read(family, run));
        this.#missing.delete(family);
      } catch (error) {
        if (!isFamilyMissing(error)) throw error;
        missing.set(family, error);
      }
    }
    if (states.size === 0) throw missing.get(4);
    for (const [family, { message: reason, hint }] of missing) {
      if (this.#missing.get(family) !== reason) {
        const fields = { list: this.#given.list, family: `IPv${family}`, reason, hint };
        this.#given.logger.warn('family-unavailable', fields);
      }
      this.#missing.set(family, reason);
    }
    return states;
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
