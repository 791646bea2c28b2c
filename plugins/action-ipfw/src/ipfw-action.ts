import {
  type Action,
  type ActionLimits,
  type ApplyResult,
  type Change,
  CommandError,
  type Listing,
  printable,
  type RunOptions,
  whyNotEnterable,
} from '@remand/api';
import type { IpfwProgram } from './ipfw-program.ts';
import { type Layout, targetsIn } from './layout.ts';

const timeoutMs = 25_000;

/** One list: a table, and a rule that denies what comes from an address in it. */
export class IpfwAction implements Action {
  /** A table takes both families and any width; it counts nothing down. */
  readonly limits: ActionLimits = { families: [4, 6], ranges: true, maxTimeoutMs: 0 };
  readonly #program: IpfwProgram;
  readonly #layout: Layout;

  constructor(program: IpfwProgram, layout: Layout) {
    this.#program = program;
    this.#layout = layout;
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#makeRight({ timeoutMs, signal });
  }

  async apply(changes: readonly Change[], signal: AbortSignal): Promise<ApplyResult> {
    const reasons = changes.map(({ target }) => whyNotEnterable(target));
    const usable = changes.filter((_change, index) => reasons[index] === undefined);
    await this.#program.read(
      usable.map((change) => this.#layout.line(change)),
      { timeoutMs, signal },
    );
    const refused = reasons.flatMap((reason, index) =>
      reason === undefined ? [] : [{ index, reason }],
    );
    return { refused };
  }

  /** Makes again what others removed, so that what was lost counts as missing. */
  async list(signal: AbortSignal): Promise<Listing> {
    const run = { timeoutMs, signal };
    try {
      await this.#makeRight(run);
      const targets = targetsIn(await this.#program.run(this.#layout.list, run));
      return {
        state: 'known',
        entries: targets.map((target) => ({ target, remainingMs: null })),
      };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const hint = error.hint ?? 'look at `ipfw list` and `ipfw table all info` as root';
      return { state: 'unavailable', reason: error.message, hint };
    }
  }

  /** The rule first: a table cannot go while a rule uses it. */
  async flush(signal: AbortSignal): Promise<void> {
    const run = { timeoutMs, signal };
    const printed = await this.#program.run(['ipfw', 'list'], run);
    await this.#program.read(this.#layout.deleteStrays(printed), run);
    if (this.#areOurs(this.#layout.rulesIn(printed)))
      await this.#program.run(this.#layout.deleteRule, run);
    if (!this.#layout.isNamed || (await this.#hasTable(run))) {
      await this.#program.run(this.#layout.clear, run);
    }
  }

  async #makeRight(run: RunOptions): Promise<void> {
    const printed = await this.#program.run(['ipfw', 'list'], run);
    const rules = this.#layout.rulesIn(printed);
    if (rules.length > 0 && !this.#areOurs(rules)) {
      const [first = ''] = rules.filter((rule) => rule !== this.#layout.rule);
      throw new CommandError(
        'REFUSED',
        `the rule of that number is another one: "${printable(first, 100)}"`,
        { hint: 'choose another `rule`: a free number, and another one for each `name`' },
      );
    }
    if (this.#layout.isNamed && !(await this.#hasTable(run))) {
      await this.#program.run(this.#layout.create, run);
    }
    if (rules.length === 0) await this.#program.run(this.#layout.addRule, run);
    await this.#program.read(this.#layout.deleteStrays(printed), run);
  }

  #areOurs(rules: readonly string[]): boolean {
    return rules.length > 0 && rules.every((rule) => rule === this.#layout.rule);
  }

  /** @throws CommandError when a table of that name holds something else than addresses */
  async #hasTable(run: RunOptions): Promise<boolean> {
    let printed: string;
    try {
      printed = await this.#program.run(this.#layout.info, run);
    } catch (error) {
      if (error instanceof CommandError && /No such process|not found/.test(error.stderr ?? '')) {
        return false;
      }
      throw error;
    }
    const type = /\btype: ([^,\s]+)/.exec(printed)?.[1];
    if (type === 'addr') return true;
    throw new CommandError('REFUSED', `the table ${this.#layout.table} is of the type ${type}`, {
      hint: 'choose another `name`, or destroy that table',
    });
  }
}
