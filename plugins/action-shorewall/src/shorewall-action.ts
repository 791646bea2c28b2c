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
  targetParts,
  whyNotEnterable,
} from '@remand/api';
import { BlacklistWatch } from './blacklist-watch.ts';
import type { Family } from './family.ts';
import { findPlace } from './find-place.ts';
import { defaultStateFolder } from './is-being-changed.ts';
import type { Options } from './options.ts';
import type { Place } from './place.ts';

export interface ShorewallGiven {
  readonly options: Options;
  readonly commands: CommandRunner;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default `/var/lib`. */
  readonly stateFolder?: string;
}

type Places = ReadonlyMap<Family, Place>;

const timeoutMs = 25_000;

/**
 * The dynamic blacklist of this machine. Shorewall can be stopped, restarted with another
 * configuration and filled by hand at any time, so that its places are looked for at each call:
 * that costs 3 ms, 30 with 10 000 rules.
 */
export class ShorewallAction implements Action {
  /** By its default; with BLACKLIST=ALL shorewall screens established connections too. */
  readonly covers: Coverage = {
    hook: 'the dynamic blacklist of shorewall',
    local: true,
    forwarded: true,
    established: false,
  };
  readonly #given: ShorewallGiven;
  readonly #families: readonly Family[];
  readonly #watch: BlacklistWatch;
  /** Families without a shorewall, and why. */
  readonly #absent = new Map<Family, CommandError>();
  #limits: Omit<ActionLimits, 'families' | 'ranges'> = { maxTimeoutMs: 0, provisional: true };

  constructor(given: ShorewallGiven) {
    this.#given = given;
    this.#families = [...new Set(given.options.families)];
    this.#watch = new BlacklistWatch(given.clock, (run) => this.#find(run));
  }

  get limits(): ActionLimits {
    return { families: this.#families, ranges: true, ...this.#limits };
  }

  /** Shorewall makes its containers itself. */
  async start(signal: AbortSignal): Promise<void> {
    await this.#look({ timeoutMs, signal });
  }

  async apply(changes: readonly Change[], signal: AbortSignal): Promise<ApplyResult> {
    const run = { timeoutMs, signal };
    const reasons = changes.map(({ target }) => whyNotEnterable(target));
    await this.#watch.pause(async () => {
      const places = await this.#look(run);
      for (const [family, place] of places) {
        const its = changes.filter(
          ({ target }, index) =>
            reasons[index] === undefined && targetParts(target).family === family,
        );
        const refused = await place.apply(its, run);
        for (const [index, { target }] of changes.entries()) reasons[index] ??= refused.get(target);
      }
      this.#watch.remember(places);
    });
    const refused = changes.flatMap(({ target }, index) => {
      const reason = reasons[index] ?? this.#absent.get(targetParts(target).family)?.message;
      return reason === undefined ? [] : [{ index, reason }];
    });
    return { refused };
  }

  async list(signal: AbortSignal): Promise<Listing> {
    const run = { timeoutMs, signal };
    try {
      return await this.#watch.pause(async () => {
        const places = await this.#look(run);
        const entries: ListedEntry[] = [];
        for (const place of places.values()) {
          for (const entry of await place.list(run)) entries.push(entry);
        }
        this.#watch.remember(places);
        return { state: 'known', entries };
      });
    } catch (error) {
      this.#watch.remember(undefined);
      if (!(error instanceof CommandError)) throw error;
      const hint = error.hint ?? 'look at `shorewall status` and `shorewall show bl` as root';
      return { state: 'unavailable', reason: error.message, hint };
    }
  }

  /** Nothing here is ours alone: the kernel removes its own entries by `apply`. */
  async flush(): Promise<void> {}

  watch(onChange: (what: string) => void, signal: AbortSignal): void {
    this.#watch.begin(onChange, signal);
  }

  async #look(run: RunOptions): Promise<Places> {
    const places = await this.#find(run);
    const all = [...places.values()];
    const most = all.flatMap(({ maxEntries }) => maxEntries ?? []);
    this.#limits = {
      maxTimeoutMs: Math.min(...all.map((place) => place.maxTimeoutMs)),
      ...(most.length > 0 ? { maxEntries: Math.min(...most) } : {}),
    };
    return places;
  }

  /** The families that this machine has. @throws when it has none, or one does not run */
  async #find(run: RunOptions): Promise<Places> {
    const { commands, options, stateFolder = defaultStateFolder } = this.#given;
    const found = await Promise.allSettled(
      this.#families.map((family) => findPlace(commands, family, { options, stateFolder, run })),
    );
    const places = new Map<Family, Place>();
    let first: CommandError | undefined;
    for (const [index, family] of this.#families.entries()) {
      const result = found[index];
      if (result?.status !== 'fulfilled') throw result?.reason;
      const place = result.value;
      if (place instanceof CommandError) {
        first ??= place;
        this.#noteAbsent(family, place);
      } else {
        places.set(family, place);
        this.#absent.delete(family);
      }
    }
    if (places.size === 0 && first) throw first;
    return places;
  }

  #noteAbsent(family: Family, error: CommandError): void {
    if (this.#absent.get(family)?.message !== error.message) {
      const { message: reason, hint } = error;
      this.#given.logger.warn('family-unavailable', { family: `IPv${family}`, reason, hint });
    }
    this.#absent.set(family, error);
  }
}
