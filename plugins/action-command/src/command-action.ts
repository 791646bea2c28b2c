import {
  type Action,
  type ActionLimits,
  type ApplyResult,
  type Change,
  type Clock,
  CommandError,
  type CommandRunner,
  type Listing,
  type RunOptions,
  whyNotEnterable,
} from '@remand/api';
import { batchLines } from './batch-lines.ts';
import type { Options } from './options.ts';
import { parseListing } from './parse-listing.ts';
import { filled } from './template.ts';

export interface CommandGiven {
  readonly options: Options;
  readonly commands: CommandRunner;
  readonly clock: Clock;
}

type Refused = ApplyResult['refused'][number];

/** The kernel gives up a call after 30 s. No program is begun that might not end before. */
const mostMs = 28_000;

/** One list: whatever the administrator's programs keep. */
export class CommandAction implements Action {
  readonly limits: ActionLimits;
  readonly #given: CommandGiven;

  constructor(given: CommandGiven) {
    const { families, ranges, maxEntries, countsTo } = given.options;
    this.#given = given;
    this.limits = {
      families,
      ranges,
      maxTimeoutMs: countsTo ?? 0,
      ...(maxEntries === undefined ? {} : { maxEntries }),
    };
  }

  /** Sees whether what can be asked answers. */
  async start(signal: AbortSignal): Promise<void> {
    const { list } = this.#given.options;
    if (list !== undefined) await this.#run(list, { signal });
  }

  async apply(changes: readonly Change[], signal: AbortSignal): Promise<ApplyResult> {
    const reasons = changes.map(({ target }) => whyNotEnterable(target) ?? this.#beyond(target));
    const refused: Refused[] = reasons.flatMap((reason, index) =>
      reason === undefined ? [] : [{ index, reason }],
    );
    const usable = [...changes.entries()].filter(([index]) => reasons[index] === undefined);
    const { batch, format } = this.#given.options;
    if (batch === undefined) refused.push(...(await this.#applyEach(usable, signal)));
    else if (usable.length > 0) {
      const lines = batchLines(
        usable.map(([, change]) => change),
        format,
      );
      await this.#run(batch, { input: lines, signal });
    }
    return { refused };
  }

  async list(signal: AbortSignal): Promise<Listing> {
    const { list } = this.#given.options;
    if (list === undefined) return { state: 'unlisted' };
    try {
      const { stdout } = await this.#run(list, { signal });
      const entries = parseListing(stdout);
      if (typeof entries !== 'string') return { state: 'known', entries };
      const hint = 'let `list` print one address a line, written as remand writes it';
      return { state: 'unavailable', reason: `what ${list[0]} printed: ${entries}`, hint };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const hint = error.hint ?? `run it by hand: ${list.join(' ')}`;
      return { state: 'unavailable', reason: error.message, hint };
    }
  }

  /** The kernel takes its own entries out of a shared list one by one. */
  async flush(): Promise<void> {}

  /** One program after the other: few of them expect to run beside themselves. */
  async #applyEach(
    changes: readonly (readonly [number, Change])[],
    signal: AbortSignal,
  ): Promise<readonly Refused[]> {
    const { clock, options } = this.#given;
    const latest = clock.monotonic() + mostMs - options.timeout;
    const refused: Refused[] = [];
    for (const [index, change] of changes) {
      const reason =
        clock.monotonic() > latest
          ? 'the programs take too long for so many at once: it is tried again'
          : await this.#applyOne(change, signal);
      if (reason !== undefined) refused.push({ index, reason });
    }
    return refused;
  }

  /** @returns the program's own refusal. @throws when it is not known what it did */
  async #applyOne(change: Change, signal: AbortSignal): Promise<string | undefined> {
    const { add, remove } = this.#given.options;
    const template = (change.op === 'remove' ? remove : add) ?? [];
    try {
      await this.#run(filled(template, change), { signal });
      return undefined;
    } catch (error) {
      const isRefusal =
        error instanceof CommandError && error.exitCode !== undefined && !error.timedOut;
      if (!isRefusal) throw error;
      return error.message;
    }
  }

  #beyond(target: string): string | undefined {
    const { families, ranges } = this.limits;
    const family = target.includes(':') ? 6 : 4;
    if (!families.includes(family)) return `\`families\` has no ${family}`;
    return target.includes('/') && !ranges ? '`ranges` is false' : undefined;
  }

  #run(argv: readonly string[], options: RunOptions) {
    return this.#given.commands.run(argv, { ...options, timeoutMs: this.#given.options.timeout });
  }
}
