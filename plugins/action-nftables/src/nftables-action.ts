import {
  type Action,
  type ActionLimits,
  type ApplyResult,
  type Change,
  type Clock,
  CommandError,
  type CommandRunner,
  type ListedEntry,
  type Listing,
  type Logger,
} from '@remand/api';
import { changeScript, setsOf } from './change-script.ts';
import { Layout, type SetPlace, table, usualSets } from './layout.ts';
import type { Options } from './options.ts';
import { parseSet } from './parse-set.ts';
import { watchTable } from './watch-table.ts';

export interface NftablesGiven {
  readonly list: string;
  readonly options: Options;
  readonly commands: CommandRunner;
  readonly clock: Clock;
  readonly logger: Logger;
}

const timeoutMs = 25_000;
/** Events this soon after a change of ours are taken for our own. */
const ownEchoMs = 300;

/** One list: a chain at the prerouting hook and a set per family and width, in `inet remand`. */
export class NftablesAction implements Action {
  readonly limits: ActionLimits = {
    families: [4, 6],
    ranges: true,
    // nft takes more, but a timeout of years gains nothing over none.
    maxTimeoutMs: 3_650 * 86_400_000,
  };
  readonly #given: NftablesGiven;
  readonly #layout: Layout;
  #sets: readonly SetPlace[] = usualSets;
  #busy = 0;
  #changedAt = Number.NEGATIVE_INFINITY;

  constructor(given: NftablesGiven) {
    this.#given = given;
    this.#layout = new Layout(given.list, given.options);
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#addSets(this.#setsIn((await this.#listing(signal)) ?? ''));
    await this.#script(this.#layout.make(this.#sets), signal);
  }

  async apply(changes: readonly Change[], signal: AbortSignal): Promise<ApplyResult> {
    const script = changeScript(changes, this.#layout);
    const grown = this.#addSets(setsOf(changes));
    const make = this.#layout.make(this.#sets);
    try {
      await this.#script(grown ? make + script : script, signal);
    } catch (error) {
      if (!isMissing(error)) throw error;
      // Somebody flushed the ruleset: what the batch needs is made again with it.
      await this.#script(make + script, signal);
    }
    return { refused: [] };
  }

  /** Makes again what somebody removed of the table, so that what it held counts as missing. */
  async list(signal: AbortSignal): Promise<Listing> {
    try {
      const listing = await this.#listing(signal);
      this.#addSets(this.#setsIn(listing ?? ''));
      if (listing === undefined || !this.#layout.isWhole(listing, this.#sets)) {
        await this.#script(this.#layout.make(this.#sets), signal);
      }
      const entries: ListedEntry[] = [];
      for (const place of this.#sets) {
        const set = this.#layout.setName(place);
        const { stdout } = await this.#nft(['list', 'set', 'inet', 'remand', set], signal);
        for (const entry of parseSet(stdout, place)) entries.push(entry);
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
    const listing = await this.#listing(signal);
    if (listing === undefined) return;
    const there = this.#setsIn(listing);
    if (listing.includes(`\tchain ${this.#layout.chain} {`)) {
      await this.#script(this.#layout.remove(there), signal);
    }
    const rest = await this.#listing(signal);
    if (rest === undefined || /\t(?:set|chain) /.test(rest)) return;
    try {
      await this.#script(`delete table ${table}\n`, signal);
    } catch (error) {
      // The last two lists were flushed at once and the other one was first.
      if (!isMissing(error)) throw error;
    }
  }

  watch(onChange: (what: string) => void, signal: AbortSignal): void {
    watchTable({
      commands: this.#given.commands,
      clock: this.#given.clock,
      logger: this.#given.logger,
      signal,
      chain: this.#layout.chain,
      isOwnEcho: () =>
        this.#busy > 0 || this.#given.clock.monotonic() - this.#changedAt < ownEchoMs,
      isWhole: (listing) => this.#layout.isWhole(listing, this.#sets),
      onChange,
    });
  }

  /** @returns whether any of them is new */
  #addSets(places: readonly SetPlace[]): boolean {
    const fresh = places.filter(
      ({ family, prefix }) =>
        !this.#sets.some((set) => set.family === family && set.prefix === prefix),
    );
    if (fresh.length > 0) this.#sets = [...this.#sets, ...fresh];
    return fresh.length > 0;
  }

  /** This list's sets in a listing of the table. */
  #setsIn(listing: string): readonly SetPlace[] {
    return [...listing.matchAll(/^\tset (\S+) \{/gm)].flatMap(
      ([, name = '']) => this.#layout.placeOf(name) ?? [],
    );
  }

  /** The table without elements; undefined when there is none. */
  async #listing(signal: AbortSignal): Promise<string | undefined> {
    try {
      return (await this.#nft(['-t', 'list', 'table', 'inet', 'remand'], signal)).stdout;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async #script(input: string, signal: AbortSignal): Promise<void> {
    this.#busy++;
    try {
      await this.#nft(['-f', '-'], signal, input);
    } finally {
      this.#busy--;
      this.#changedAt = this.#given.clock.monotonic();
    }
  }

  #nft(args: readonly string[], signal: AbortSignal, input?: string) {
    return this.#given.commands.run(['nft', ...args], {
      timeoutMs,
      signal,
      ...(input !== undefined && { input }),
    });
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
