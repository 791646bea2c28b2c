import {
  type Action,
  type ActionLimits,
  type ApplyResult,
  type Change,
  type Clock,
  CommandError,
  type CommandRunner,
  type Coverage,
  type ListedEntry,
  type Listing,
  type Logger,
  type RunOptions,
  type Target,
  targetParts,
  whyNotEnterable,
} from '@remand/api';
import { chainScript, isWellFormed, type Mode, removalScript } from './chain-script.ts';
import { type ChainState, chainState, isStranger } from './chain-state.ts';
import { coverageOf } from './coverage-of.ts';
import { type FamilyChanges, splitByFamily, unchanged } from './family-changes.ts';
import type { FilterTable } from './filter-table.ts';
import { type Family, families, Layout } from './layout.ts';
import type { Options } from './options.ts';
import { refuseReferences, refuseStranger } from './refuse.ts';
import {
  isIpsetMissing,
  isSetMissing,
  mostEntries,
  mostSeconds,
  Sets,
  withIpsetHint,
} from './sets.ts';
import { watchTables } from './table-watch.ts';
import { isFamilyMissing, Tables } from './tables.ts';
import { Teller } from './teller.ts';

export interface IptablesGiven {
  readonly list: string;
  readonly options: Options;
  readonly commands: CommandRunner;
  readonly clock: Clock;
  readonly logger: Logger;
}

type States = ReadonlyMap<Family, ChainState>;

const timeoutMs = 25_000;

/**
 * One list: a chain in the table `filter` of both families, and with ipset a set for each. Before
 * rules are written the table is read: that costs 3 ms, 30 with 10 000 rules, and nothing is taken
 * for granted that another program may have changed.
 */
export class IptablesAction implements Action {
  readonly covers: Coverage;
  readonly #given: IptablesGiven;
  readonly #layout: Layout;
  readonly #tables: Tables;
  readonly #sets: Sets;
  readonly #teller: Teller;
  /** Undefined until it is known whether ipset works. */
  #mode: Mode | undefined;
  /** Families that this machine does not have, and why. */
  readonly #missing = new Map<Family, string>();
  /** How many rules of ours each chain had when we left it. */
  readonly #left = new Map<Family, number>();
  #isFlushed = false;
  #busy = 0;
  #onLoss: ((what: string) => void) | undefined;

  constructor(given: IptablesGiven) {
    this.covers = coverageOf(given.options);
    this.#given = given;
    this.#layout = new Layout(given.list, given.options);
    this.#tables = new Tables(given.commands, given.options.variant);
    this.#sets = new Sets(given.commands, this.#layout);
    this.#teller = new Teller(given);
    this.#mode = given.options.ipset === 'no' ? 'rules' : undefined;
  }

  get limits(): ActionLimits {
    if (this.#mode === 'rules') return { families, ranges: true, maxTimeoutMs: 0 };
    const maxTimeoutMs = mostSeconds * 1000;
    const isOpen = this.#mode === undefined && this.#given.options.ipset === 'auto';
    return {
      ...{ families, ranges: true, maxEntries: mostEntries, maxTimeoutMs },
      ...(isOpen ? { provisional: true } : {}),
    };
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#isFlushed = false;
    await this.#makeRight({ timeoutMs, signal });
  }

  async apply(changes: readonly Change[], signal: AbortSignal): Promise<ApplyResult> {
    const run = { timeoutMs, signal };
    const reasons = changes.map(({ target }) => whyNotEnterable(target));
    const usable = changes.filter((_change, index) => reasons[index] === undefined);
    if (this.#mode === 'sets') await this.#changeSets(usable, run);
    else {
      const { mode, wasWhole } = await this.#makeRight(run, usable);
      if (mode === 'sets') await this.#changeSets(usable, run);
      // Now that the chain is whole again nobody else would notice that entries are gone.
      else if (!wasWhole) this.#onLoss?.('the chain was changed');
    }
    const refused = changes.flatMap(({ target }, index) => {
      const reason = reasons[index] ?? this.#missing.get(targetParts(target).family);
      return reason === undefined ? [] : [{ index, reason }];
    });
    return { refused };
  }

  /** Puts right what others changed, so that what was lost counts as missing. */
  async list(signal: AbortSignal): Promise<Listing> {
    const run = { timeoutMs, signal };
    try {
      const { mode, entries } = await this.#makeRight(run);
      if (mode === 'rules') {
        return {
          state: 'known',
          entries: entries.map((target) => ({ target, remainingMs: null })),
        };
      }
      const found: ListedEntry[] = [];
      for (const family of this.#present()) {
        for (const entry of await this.#sets.read(family, run)) found.push(entry);
      }
      return { state: 'known', entries: found };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const hint = error.hint ?? 'look at `iptables -S` and `ipset list -t` as root';
      return { state: 'unavailable', reason: error.message, hint };
    }
  }

  async flush(signal: AbortSignal): Promise<void> {
    const run = { timeoutMs, signal };
    const states = await this.#read(run);
    this.#isFlushed = true;
    this.#left.clear();
    await this.#whileBusy(async () => {
      for (const [family, state] of states) {
        if (isStranger(state)) continue;
        refuseReferences(state, this.#layout, this.#tables.program(family));
        const script = removalScript(state, this.#layout);
        if (script !== '') await this.#tables.restore(family, script, run);
      }
      await this.#sets.destroy(run);
    });
  }

  watch(onChange: (what: string) => void, signal: AbortSignal): void {
    this.#onLoss = onChange;
    const isWhole = (family: Family, table: FilterTable | undefined) =>
      this.#isFlushed || this.#busy > 0 || this.#isAsLeft(family, table);
    watchTables(this.#given, { tables: this.#tables, isWhole, onChange }, signal);
  }

  #isAsLeft(family: Family, table: FilterTable | undefined): boolean {
    const mode = this.#mode;
    if (table === undefined || mode === undefined) return this.#missing.has(family);
    const state = chainState(table, this.#layout, family);
    const wanted = { layout: this.#layout, family, mode, ...unchanged };
    return chainScript(state, wanted) === '' && state.entries.size === this.#left.get(family);
  }

  #present(): readonly Family[] {
    return families.filter((family) => !this.#missing.has(family));
  }

  async #changeSets(changes: readonly Change[], run: RunOptions): Promise<void> {
    const usable = changes.filter(({ target }) => !this.#missing.has(targetParts(target).family));
    try {
      await this.#sets.change(usable, run);
    } catch (error) {
      if (!isSetMissing(error)) throw error;
      await this.#makeRight(run);
      await this.#sets.change(usable, run);
      this.#onLoss?.('a set was gone');
    }
  }

  /** Makes chains, jumps and sets what they should be, and applies changes to the rules. */
  #makeRight(run: RunOptions, changes: readonly Change[] = []) {
    return this.#whileBusy(async () => {
      const states = await this.#read(run);
      for (const [family, state] of states) {
        if (isStranger(state)) refuseStranger(state, this.#layout, this.#tables.program(family));
        this.#teller.foreignRules(family, state);
      }
      const byFamily = splitByFamily(changes);
      if (this.#mode !== undefined) return this.#write(this.#mode, states, byFamily, run);
      try {
        const written = await this.#write('sets', states, byFamily, run);
        this.#mode = 'sets';
        return written;
      } catch (error) {
        if (!isIpsetMissing(error)) throw error;
        if (this.#given.options.ipset === 'yes') throw withIpsetHint(error);
        this.#teller.ipsetMissing(withIpsetHint(error));
        this.#mode = 'rules';
        return this.#write('rules', await this.#read(run), byFamily, run);
      }
    });
  }

  async #write(
    mode: Mode,
    states: States,
    changes: ReadonlyMap<Family, FamilyChanges>,
    run: RunOptions,
  ): Promise<{
    readonly mode: Mode;
    readonly entries: readonly Target[];
    readonly wasWhole: boolean;
  }> {
    const layout = this.#layout;
    const entries: Target[] = [];
    let wasWhole = true;
    if (mode === 'sets') await this.#sets.make([...states.keys()], run);
    for (const [family, state] of states) {
      const { added, removed } = changes.get(family) ?? unchanged;
      const moved = await this.#move(mode, family, state, run);
      const entered = mode === 'sets' ? new Set<Target>() : moved.union(added).difference(removed);
      const wanted = { layout, family, mode, added: entered, removed };
      const isWhole = isWellFormed(state, wanted) && state.jumpFixes.length === 0;
      wasWhole &&= isWhole;
      const script = chainScript(state, wanted);
      if (script !== '') await this.#tables.restore(family, script, run);
      if (!isWhole && this.#left.has(family)) this.#teller.putRight(family, state);
      const left = mode === 'sets' ? entered : state.entries.difference(removed).union(entered);
      this.#left.set(family, left.size);
      for (const target of left) entries.push(target);
    }
    const wereSets = [...states.values()].some(({ hasSetRule }) => hasSetRule);
    if (mode === 'rules' && wereSets) await this.#sets.destroy(run);
    return { mode, entries, wasWhole };
  }

  /** Takes over what an earlier life kept the other way. @returns what is to become rules */
  async #move(
    mode: Mode,
    family: Family,
    { entries, hasSetRule }: ChainState,
    run: RunOptions,
  ): Promise<ReadonlySet<Target>> {
    if (mode === 'sets') {
      const changes = Array.from(
        entries,
        (target) => ({ op: 'add', target, timeoutMs: null }) as const,
      );
      await this.#sets.change(changes, run);
      return new Set();
    }
    if (!hasSetRule) return new Set();
    try {
      return new Set((await this.#sets.read(family, run)).map(({ target }) => target));
    } catch (error) {
      // Without ipset nobody can say what is in it; the kernel enters its bans again.
      if (isIpsetMissing(error) || isSetMissing(error)) return new Set();
      throw error;
    }
  }

  /** The families that this machine has. @throws when it has none, or one cannot be read */
  async #read(run: RunOptions): Promise<States> {
    const states = new Map<Family, ChainState>();
    const missing = new Map<Family, CommandError>();
    for (const family of families) {
      try {
        const table = await this.#tables.read(family, run);
        states.set(family, chainState(table, this.#layout, family));
        this.#missing.delete(family);
      } catch (error) {
        if (!isFamilyMissing(error)) throw error;
        missing.set(family, error);
      }
    }
    if (states.size === 0) throw missing.get(4);
    for (const [family, error] of missing) {
      if (this.#missing.get(family) !== error.message) this.#teller.familyMissing(family, error);
      this.#missing.set(family, error.message);
    }
    return states;
  }

  async #whileBusy<T>(work: () => Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await work();
    } finally {
      this.#busy--;
    }
  }
}
