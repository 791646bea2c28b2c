import { CommandError, type CommandRunner, type RunOptions, type Target } from '@remand/api';
import { batchFailures } from './batch-failures.ts';
import { type Family, ip, type Layout, type ShownRoute, shownRoute } from './layout.ts';

/** What a family has of one list. */
export interface FamilyState {
  readonly hasRule: boolean;
  readonly targets: ReadonlySet<Target>;
  /** Routes that an earlier life made of the other type. */
  readonly old: readonly ShownRoute[];
  /** Routes of others in the table. */
  readonly foreign: readonly string[];
}

/** Reads and writes the table of a list by `ip`. */
export class Routes {
  readonly #commands: CommandRunner;
  readonly #layout: Layout;

  constructor(commands: CommandRunner, layout: Layout) {
    this.#commands = commands;
    this.#layout = layout;
  }

  async read(family: Family, options: RunOptions): Promise<FamilyState> {
    const rules = await this.#run([...ip, `-${family}`, 'rule', 'show'], options);
    const targets = new Set<Target>();
    const old: ShownRoute[] = [];
    const foreign: string[] = [];
    for (const line of (await this.#table(family, options)).split('\n')) {
      const route = shownRoute(line);
      if (route && this.#layout.isRight(route)) targets.add(route.target);
      else if (route) old.push(route);
      else if (line.trim() !== '') foreign.push(line.trim());
    }
    const hasRule = rules.split('\n').some((line) => this.#layout.isRule(line));
    return { hasRule, targets, old, foreign };
  }

  async addRule(family: Family, options: RunOptions): Promise<void> {
    const argv = ['ip', `-${family}`, 'rule', 'add', ...this.#layout.rule];
    await this.#run(argv, options).catch(unless(/File exists/));
  }

  async removeRule(family: Family, options: RunOptions): Promise<void> {
    const argv = ['ip', `-${family}`, 'rule', 'del', ...this.#layout.rule];
    await this.#run(argv, options).catch(unless(/No such/));
  }

  /**
   * Carries out all lines that can be.
   * @returns undefined when all could; else what is known of those that could not, by their number
   * from 1. It need not be all: what a program says is cut.
   */
  async batch(
    lines: readonly string[],
    options: RunOptions,
  ): Promise<ReadonlyMap<number, string> | undefined> {
    if (lines.length === 0) return undefined;
    try {
      await this.#run(['ip', '-force', '-batch', '-'], {
        ...options,
        input: `${lines.join('\n')}\n`,
      });
      return undefined;
    } catch (error) {
      if (!(error instanceof CommandError) || error.code !== 'COMMAND_FAILED') throw error;
      if (isForbidden(error)) throw error;
      return batchFailures(error.stderr ?? '');
    }
  }

  async #table(family: Family, options: RunOptions): Promise<string> {
    const argv = [...ip, `-${family}`, 'route', 'show', 'table', `${this.#layout.table}`];
    return (await this.#run(argv, options).catch(unless(/FIB table does not exist/))) ?? '';
  }

  async #run(argv: readonly string[], options: RunOptions): Promise<string> {
    try {
      return (await this.#commands.run(argv, options)).stdout;
    } catch (error) {
      throw withHint(error);
    }
  }
}

/** Whether a failure says that this machine does not have a family. */
export function isFamilyMissing(error: unknown): error is CommandError {
  return /(?:family|protocol|Operation) not supported/.test(stderrOf(error));
}

function unless(words: RegExp) {
  return (error: unknown) => {
    if (!words.test(stderrOf(error))) throw error;
    return undefined;
  };
}

function isForbidden(error: unknown): boolean {
  return /Operation not permitted|Permission denied/.test(stderrOf(error));
}

function stderrOf(error: unknown): string {
  return error instanceof CommandError ? (error.stderr ?? '') : '';
}

function withHint(error: unknown): unknown {
  if (!(error instanceof CommandError) || error.hint !== undefined) return error;
  const { code, message, argv, exitCode, timedOut, stderr } = error;
  const hint = isForbidden(error)
    ? 'run remand as root, or give it CAP_NET_ADMIN'
    : 'try `ip rule` and `ip route show table all` as root';
  return new CommandError(code, message, {
    cause: error,
    hint,
    timedOut,
    ...(argv === undefined ? {} : { argv }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(stderr === undefined ? {} : { stderr }),
  });
}
