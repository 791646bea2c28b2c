import {
  type Action,
  type ActionLimits,
  type ApplyResult,
  type Change,
  CommandError,
  type CommandRunner,
  type Listing,
  printable,
  type RunOptions,
  whyNotEnterable,
} from '@remand/api';
import { Layout, targetsIn } from './layout.ts';
import type { Options } from './options.ts';

export interface IpfwGiven {
  readonly list: string;
  readonly options: Options;
  readonly commands: CommandRunner;
}

const timeoutMs = 25_000;
/** ipfw reads a file of commands by its absolute path. */
const stdin = '/dev/stdin';

/** One list: a table, and a rule that denies what comes from an address in it. */
export class IpfwAction implements Action {
  /** A table takes both families and any width; it counts nothing down. */
  readonly limits: ActionLimits = { families: [4, 6], ranges: true, maxTimeoutMs: 0 };
  readonly #commands: CommandRunner;
  readonly #layout: Layout;

  constructor({ list, options, commands }: IpfwGiven) {
    this.#commands = commands;
    this.#layout = new Layout(list, options);
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#makeRight({ timeoutMs, signal });
  }

  async apply(changes: readonly Change[], signal: AbortSignal): Promise<ApplyResult> {
    const reasons = changes.map(({ target }) => whyNotEnterable(target));
    const input = this.#layout.lines(changes.filter((_change, index) => !reasons[index]));
    if (input !== '') await this.#run(['ipfw', '-q', stdin], { input, timeoutMs, signal });
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
      const targets = targetsIn(await this.#run(this.#layout.list, run));
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
    const rules = await this.#rules(run);
    if (this.#areOurs(rules)) await this.#run(this.#layout.deleteRule, run);
    if (!this.#layout.isNamed || (await this.#hasTable(run))) {
      await this.#run(this.#layout.clear, run);
    }
  }

  async #makeRight(run: RunOptions): Promise<void> {
    const rules = await this.#rules(run);
    if (rules.length > 0 && !this.#areOurs(rules)) {
      const [first = ''] = rules.filter((rule) => rule !== this.#layout.rule);
      throw new CommandError(
        'REFUSED',
        `the rule of that number is another one: "${printable(first, 100)}"`,
        { hint: 'choose another `rule`: a free number, and another one for each `name`' },
      );
    }
    if (this.#layout.isNamed && !(await this.#hasTable(run))) {
      await this.#run(this.#layout.create, run);
    }
    if (rules.length === 0) await this.#run(this.#layout.addRule, run);
  }

  #areOurs(rules: readonly string[]): boolean {
    return rules.length > 0 && rules.every((rule) => rule === this.#layout.rule);
  }

  async #rules(run: RunOptions): Promise<readonly string[]> {
    return this.#layout.rulesIn(await this.#run(['ipfw', 'list'], run));
  }

  /** @throws CommandError when a table of that name holds something else than addresses */
  async #hasTable(run: RunOptions): Promise<boolean> {
    let printed: string;
    try {
      printed = await this.#run(this.#layout.info, run);
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

  async #run(argv: readonly string[], options: RunOptions): Promise<string> {
    try {
      return (await this.#commands.run(argv, options)).stdout;
    } catch (error) {
      if (!(error instanceof CommandError) || error.hint !== undefined) throw error;
      throw withHint(error, argv);
    }
  }
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/Operation not permitted/, 'run remand as root'],
  [
    /Protocol not available|getsockopt|setsockopt/,
    'load ipfw: `kldload ipfw`, or firewall_enable="YES" in /etc/rc.conf; mind its last rule, which denies all',
  ],
  [/bad command|Invalid argument|table name .* invalid/, 'on FreeBSD 10 and older write `table`'],
];

function withHint(error: CommandError, argv: readonly string[]): CommandError {
  const { code, message, exitCode, timedOut, stderr } = error;
  const hint = hints.find(([words]) => words.test(stderr ?? ''))?.[1];
  return new CommandError(code, message, {
    argv,
    cause: error,
    timedOut,
    ...(hint === undefined ? {} : { hint }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(stderr === undefined ? {} : { stderr }),
  });
}
