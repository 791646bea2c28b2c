import {
  type Action,
  type ActionLimits,
  type ApplyResult,
  type Change,
  CommandError,
  type Listing,
  type RunOptions,
  whyNotEnterable,
} from '@remand/api';
import type { IpfwProgram } from './ipfw-program.ts';
import { NumberedRules, type NumberRange } from './numbered-rules.ts';

const timeoutMs = 25_000;

/** One list for an ipfw without tables: a rule for each address, with a number of its own. */
export class RulesAction implements Action {
  readonly limits: ActionLimits;
  readonly #program: IpfwProgram;
  readonly #range: NumberRange;

  constructor(program: IpfwProgram, range: NumberRange) {
    const maxEntries = range.last - range.first + 1;
    this.limits = { families: [4, 6], ranges: true, maxEntries, maxTimeoutMs: 0 };
    this.#program = program;
    this.#range = range;
  }

  /** Sees whether ipfw answers: there is nothing to be made. */
  async start(signal: AbortSignal): Promise<void> {
    await this.#read({ timeoutMs, signal });
  }

  /** Removals first: they free numbers. */
  async apply(changes: readonly Change[], signal: AbortSignal): Promise<ApplyResult> {
    const run = { timeoutMs, signal };
    const rules = await this.#read(run);
    const lines = changes.flatMap(({ op, target }) =>
      op === 'remove' ? rules.remove(target) : [],
    );
    const refused: { index: number; reason: string }[] = [];
    for (const [index, { op, target }] of changes.entries()) {
      const fault = whyNotEnterable(target);
      const added = fault !== undefined || op === 'remove' ? [] : rules.add(target);
      const reason = fault ?? (added ? undefined : 'no number is free up to `lastRule`');
      if (reason !== undefined) refused.push({ index, reason });
      lines.push(...(added ?? []));
    }
    await this.#program.read(lines, run);
    return { refused };
  }

  async list(signal: AbortSignal): Promise<Listing> {
    try {
      const { ours } = await this.#read({ timeoutMs, signal });
      const entries = Array.from(ours.keys(), (target) => ({ target, remainingMs: null }));
      return { state: 'known', entries };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const hint = error.hint ?? 'look at `ipfw list` as root';
      return { state: 'unavailable', reason: error.message, hint };
    }
  }

  async flush(signal: AbortSignal): Promise<void> {
    const run = { timeoutMs, signal };
    const rules = await this.#read(run);
    const lines = [...rules.ours.keys()].flatMap((target) => rules.remove(target));
    await this.#program.read(lines, run);
  }

  async #read(run: RunOptions): Promise<NumberedRules> {
    return new NumberedRules(await this.#program.run(['ipfw', 'list'], run), this.#range);
  }
}
