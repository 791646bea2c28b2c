import {
  type Change,
  CommandError,
  type CommandRunner,
  type ListedEntry,
  printedTarget,
  type RunOptions,
  targetParts,
} from '@remand/api';
import { type Family, families, type Layout } from './layout.ts';

/** Per set. It takes memory as it fills, not before. */
export const mostEntries = 1_048_576;
/** ipset refuses a longer timeout. */
export const mostSeconds = 2_147_483;

/** A try takes a few milliseconds, and the kernel lets go within a tenth of a second. */
const busyTries = 250;

/**
 * The two sets of a list. `hash:net` holds networks of any width side by side: a lookup tries each
 * width that occurs, and removing a range leaves the address in it.
 */
export class Sets {
  readonly #commands: CommandRunner;
  readonly #layout: Layout;

  constructor(commands: CommandRunner, layout: Layout) {
    this.#commands = commands;
    this.#layout = layout;
  }

  /** Makes what is missing. */
  async make(which: readonly Family[], options: RunOptions): Promise<void> {
    const lines = which.map(
      (family) =>
        `create ${this.#layout.set(family)} hash:net family inet${family === 6 ? '6' : ''} maxelem ${mostEntries} timeout 0`,
    );
    try {
      await this.#restore(lines, options);
    } catch (error) {
      if (!stderrOf(error).includes('set with the same name already exists')) throw error;
      const { chain } = this.#layout;
      throw new CommandError('REFUSED', `a set ${chain}-v4 or ${chain}-v6 of another kind exists`, {
        cause: error,
        hint: `see \`ipset list -t\`; destroy the set, or choose another \`name\``,
      });
    }
  }

  /** `-exist` makes an add of what is there set its timeout anew, and a removal of nothing fine. */
  async change(changes: readonly Change[], options: RunOptions): Promise<void> {
    const lines = changes.map(({ op, target, timeoutMs }) => {
      const set = this.#layout.set(targetParts(target).family);
      if (op === 'remove') return `del ${set} ${target}`;
      // Whole seconds, rounded up: a block ends late, never early. 0 is without an end.
      const seconds = timeoutMs === null ? 0 : Math.max(1, Math.ceil(timeoutMs / 1000));
      return `add ${set} ${target} timeout ${seconds}`;
    });
    await this.#restore(lines, options);
  }

  async read(family: Family, options: RunOptions): Promise<readonly ListedEntry[]> {
    const { stdout } = await this.#commands.run(
      ['ipset', 'save', this.#layout.set(family)],
      options,
    );
    const entries: ListedEntry[] = [];
    for (const [, printed = '', seconds] of stdout.matchAll(/^add \S+ (\S+) timeout ([0-9]+)/gm)) {
      const target = printedTarget(printed);
      const remainingMs = Number(seconds) * 1000;
      entries.push({ target, remainingMs: remainingMs === 0 ? null : remainingMs });
    }
    return entries;
  }

  /** Removes the sets where they are, and where there is an ipset. */
  async destroy(options: RunOptions): Promise<void> {
    const there = await this.#ours(options);
    for (const set of families.map((family) => this.#layout.set(family))) {
      if (there.has(set)) await this.#destroy(set, options);
    }
  }

  /** The kernel lets go of a set some time after the last rule with it is gone. */
  async #destroy(set: string, options: RunOptions): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#commands.run(['ipset', 'destroy', set], options);
        return;
      } catch (error) {
        if (isSetMissing(error)) return;
        if (tries === busyTries || !stderrOf(error).includes('in use')) throw error;
      }
    }
  }

  /** The sets of the kind that `make` makes. */
  async #ours(options: RunOptions): Promise<ReadonlySet<string>> {
    try {
      const { stdout } = await this.#commands.run(['ipset', 'list', '-t'], options);
      const found = stdout.matchAll(/^Name: (\S+)\nType: hash:net\nRevision: .*\nHeader: (.*)$/gm);
      const isOurs = (header: string) => header.includes(` maxelem ${mostEntries} timeout 0`);
      return new Set(
        Array.from(found, ([, name = '', header = '']) => (isOurs(header) ? name : '')),
      );
    } catch (error) {
      if (isIpsetMissing(error)) return new Set();
      throw error;
    }
  }

  async #restore(lines: readonly string[], options: RunOptions): Promise<void> {
    if (lines.length === 0) return;
    const input = `${lines.join('\n')}\n`;
    await this.#commands.run(['ipset', '-exist', 'restore'], { ...options, input });
  }
}

/** Whether a failure says that ipset, its module or its match is not to be had. */
export function isIpsetMissing(error: unknown): error is CommandError {
  if (!(error instanceof CommandError)) return false;
  if (error.code === 'COMMAND_MISSING') return true;
  return /Cannot open session to kernel|Kernel support protocol|Kernel error received: (?:Invalid|Operation not supp|No such)|Couldn't load match .set'|Extension set revision|open socket to ipset/.test(
    error.stderr ?? '',
  );
}

export function isSetMissing(error: unknown): boolean {
  return stderrOf(error).includes('set with the given name does not exist');
}

function stderrOf(error: unknown): string {
  return error instanceof CommandError ? (error.stderr ?? '') : '';
}

/** Says of a failure by `isIpsetMissing` what to do. */
export function withIpsetHint(error: CommandError): CommandError {
  const { code, message, stderr } = error;
  const isProgram = code === 'COMMAND_MISSING';
  const hint = isProgram
    ? 'install the package ipset, or write `ipset: no`'
    : 'load the kernel modules ip_set, ip_set_hash_net and xt_set, or write `ipset: no`';
  return new CommandError(code, message, {
    cause: error,
    hint,
    ...(stderr === undefined ? {} : { stderr }),
  });
}
