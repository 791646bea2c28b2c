import { CommandError, type CommandRunner, type RunOptions } from '@remand/api';
import { type FilterTable, parseTable } from './filter-table.ts';
import type { Family } from './layout.ts';
import type { Options } from './options.ts';

/** How long to wait for another program that changes the table: legacy iptables has one lock. */
const lockSeconds = '5';

/** Reads and writes the table `filter` of both families with one variant of iptables. */
export class Tables {
  readonly #commands: CommandRunner;
  readonly #suffix: string;

  constructor(commands: CommandRunner, variant: Options['variant']) {
    this.#commands = commands;
    this.#suffix = variant === 'auto' ? '' : `-${variant}`;
  }

  /** `ip6tables-nft` */
  program(family: Family): string {
    return `ip${family === 6 ? '6' : ''}tables${this.#suffix}`;
  }

  async read(family: Family, options: RunOptions): Promise<FilterTable> {
    const argv = [`${this.program(family)}-save`, '-t', 'filter'];
    return parseTable((await this.#run(argv, options)).stdout);
  }

  /** All or nothing. */
  async restore(family: Family, input: string, options: RunOptions): Promise<void> {
    const argv = [`${this.program(family)}-restore`, '-w', lockSeconds, '--noflush'];
    await this.#run(argv, { ...options, input });
  }

  async #run(argv: readonly string[], options: RunOptions) {
    try {
      return await this.#commands.run(argv, options);
    } catch (error) {
      throw withHint(error, argv);
    }
  }
}

/** Whether a failure says that a family is not to be had on this machine. */
export function isFamilyMissing(error: unknown): error is CommandError {
  if (!(error instanceof CommandError)) return false;
  return (
    error.code === 'COMMAND_MISSING' ||
    /Address family not supported|Protocol not supported|insmod|modprobe/.test(error.stderr ?? '')
  );
}

const hints: readonly (readonly [RegExp, (program: string) => string])[] = [
  [/Permission denied|must be root/, () => 'run remand as root, or give it CAP_NET_ADMIN'],
  [/xtables lock/, () => 'see which other program keeps changing the firewall'],
  [
    /is incompatible, use 'nft' tool/,
    (program) =>
      `something wrote rules into the table filter that ${program} cannot read: use the action nftables`,
  ],
  [
    /Address family not supported|Protocol not supported|insmod|modprobe/,
    () => 'this kernel lacks the table: load its module, or leave this family unblocked',
  ],
];

function withHint(error: unknown, argv: readonly string[]): unknown {
  if (!(error instanceof CommandError) || error.hint !== undefined) return error;
  const [program = ''] = argv;
  const hint = hints.find(([words]) => words.test(error.stderr ?? ''))?.[1](program);
  const { code, message, exitCode, timedOut, stderr } = error;
  return new CommandError(code, message, {
    argv,
    cause: error,
    hint: hint ?? `try \`${program.replace(/-(?:save|restore)$/, '')} -S\` as root`,
    timedOut,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(stderr === undefined ? {} : { stderr }),
  });
}
