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
  targetParts,
} from '@remand/api';
import { changeScript, setsOf } from './change-script.ts';
import { coverageOf } from './coverage-of.ts';
import { Layout, type SetPlace, table, usualSets } from './layout.ts';
import type { Options } from './options.ts';
import { OwnDeletes } from './own-deletes.ts';
import { readSet } from './read-set.ts';
import { readTable } from './read-table.ts';
import type { TableEvent } from './table-event.ts';
import { watchTable } from './table-watch.ts';

export interface NftablesGiven {
  readonly list: string;
  readonly options: Options;
  readonly commands: CommandRunner;
  readonly clock: Clock;
  readonly logger: Logger;
}

const timeoutMs = 25_000;
/** Rules that go this soon after a change of ours are taken for our own. */
const ownEchoMs = 300;

/**
 * One list: a chain at its hook and a set per family and width, in `inet remand`.
 * Every batch is an `nft` of its own (4.6 ms). A kept `nft -i` answers in 0.4 ms, but says whether
 * it failed only on stderr, or by `-e`, which reads all elements first: 370 ms with 100 000.
 */
export class NftablesAction implements Action {
  readonly limits: ActionLimits = {
    families: [4, 6],
    ranges: true,
    // nft takes more, but longer ones gain nothing over none.
    maxTimeoutMs: 3_650 * 86_400_000,
  };
  readonly covers: Coverage;
  readonly #given: NftablesGiven;
  readonly #layout: Layout;
  readonly #deletes: OwnDeletes;
  #sets: readonly SetPlace[] = usualSets;
  #isFlushed = false;
  /** Tells the kernel, once it watches, that entries may be missing. */
  #onLoss: ((what: string) => void) | undefined;
  #busy = 0;
  #changedAt = Number.NEGATIVE_INFINITY;

  constructor(given: NftablesGiven) {
    this.#given = given;
    this.covers = coverageOf(given.options);
    this.#layout = new Layout(given.list, given.options);
    this.#deletes = new OwnDeletes(given.clock);
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#isFlushed = false;
    await this.#make(await this.#table(signal), signal);
  }

  async apply(changes: readonly Change[], signal: AbortSignal): Promise<ApplyResult> {
    const script = changeScript(changes, this.#layout);
    const fresh = this.#unknown(setsOf(changes));
    for (const { op, target } of changes) {
      const { base, ...place } = targetParts(target);
      if (op !== 'add') this.#deletes.expect(this.#layout.setName(place), [base]);
    }
    try {
      await this.#script(this.#layout.grow(fresh) + script, signal);
      this.#sets = [...this.#sets, ...fresh];
    } catch (error) {
      if (!isMissing(error)) throw error;
      // Somebody flushed the ruleset: what the batch needs is made again with it.
      const sets = [...this.#sets, ...fresh];
      await this.#script(this.#layout.make(sets) + script, signal);
      this.#sets = sets;
      // Now that the table is whole again nobody else would notice that its elements are gone.
      this.#onLoss?.('the table was gone');
    }
    return { refused: [] };
  }

  /** Makes again what somebody removed of the table, so that what it held counts as missing. */
  async list(signal: AbortSignal): Promise<Listing> {
    try {
      const table = (await this.#table(signal)) ?? '';
      this.#sets = [...this.#sets, ...this.#unknown(this.#setsIn(table))];
      if (!this.#layout.isWhole(table, this.#sets)) await this.#make(table, signal);
      const entries: ListedEntry[] = [];
      for (const place of this.#sets) {
        const set = this.#layout.setName(place);
        const found = await readSet(this.#given.commands, set, place, { timeoutMs, signal });
        for (const entry of found) entries.push(entry);
      }
      return { state: 'known', entries };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return {
        state: 'unavailable',
        reason: error.message,
        hint: error.hint ?? 'try `nft list ruleset` as root; install the package nftables',
      };
    }
  }

  async flush(signal: AbortSignal): Promise<void> {
    const listing = await this.#table(signal);
    this.#isFlushed = true;
    if (listing === undefined) return;
    const there = this.#setsIn(listing);
    if (listing.includes(`\tchain ${this.#layout.chain} {`) || there.length > 0) {
      await this.#script(this.#layout.remove(there), signal);
    }
    const rest = await this.#table(signal);
    if (rest === undefined || /\t(?:set|chain) /.test(rest)) return;
    try {
      await this.#script(`delete table ${table}\n`, signal);
    } catch (error) {
      // The last two lists were flushed at once and the other one was first.
      if (!isMissing(error)) throw error;
    }
  }

  watch(onChange: (what: string) => void, signal: AbortSignal): void {
    this.#onLoss = onChange;
    const isForeign = (event: TableEvent) => this.#isForeign(event);
    const isWhole = (table: string) => this.#isFlushed || this.#layout.isWhole(table, this.#sets);
    watchTable(this.#given, { isForeign, isWhole, onChange }, signal);
  }

  #isForeign({ kind, name, addresses }: TableEvent): boolean {
    // Only `flush` deletes more than rules and elements.
    if (this.#isFlushed) return false;
    if (kind === 'table') return true;
    if (kind === 'chain') return name === this.#layout.chain;
    if (kind === 'rule') return name === this.#layout.chain && !this.#isEcho();
    if (this.#layout.placeOf(name) === undefined) return false;
    if (kind === 'set') return true;
    // All of them are taken off, not only those up to the first of somebody else.
    return addresses.filter((address) => !this.#deletes.take(name, address)).length > 0;
  }

  #isEcho(): boolean {
    return this.#busy > 0 || this.#given.clock.monotonic() - this.#changedAt < ownEchoMs;
  }

  async #make(listing: string | undefined, signal: AbortSignal): Promise<void> {
    const sets = [...this.#sets, ...this.#unknown(this.#setsIn(listing ?? ''))];
    await this.#script(this.#layout.make(sets, listing), signal);
    this.#sets = sets;
  }

  /** Those that this list does not have yet. */
  #unknown(places: readonly SetPlace[]): readonly SetPlace[] {
    return places.filter(
      ({ family, prefix }) =>
        !this.#sets.some((set) => set.family === family && set.prefix === prefix),
    );
  }

  /** This list's sets in a listing of the table. */
  #setsIn(listing: string): readonly SetPlace[] {
    return [...listing.matchAll(/^\tset (\S+) \{/gm)].flatMap(
      ([, name = '']) => this.#layout.placeOf(name) ?? [],
    );
  }

  #table(signal: AbortSignal): Promise<string | undefined> {
    return readTable(this.#given.commands, { timeoutMs, signal });
  }

  async #script(input: string, signal: AbortSignal): Promise<void> {
    this.#busy++;
    try {
      await this.#given.commands.run(['nft', '-f', '-'], { input, timeoutMs, signal });
    } finally {
      this.#busy--;
      this.#changedAt = this.#given.clock.monotonic();
    }
  }
}

/** nft's words for a table, chain or set that is not there. */
function isMissing(error: unknown): boolean {
  return (
    error instanceof CommandError &&
    error.code === 'COMMAND_FAILED' &&
    (error.stderr ?? '').includes('No such file or directory')
  );
}
