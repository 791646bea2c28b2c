import { CommandError, type CommandResult, type CommandRunner, type RunOptions } from '@remand/api';

/** Runs `ipset`, and says of its failures what to do. */
export class IpsetProgram {
  readonly #commands: CommandRunner;

  constructor(commands: CommandRunner) {
    this.#commands = commands;
  }

  /** Type and size, without the entries; undefined where there is no such set. */
  async header(set: string, options: RunOptions): Promise<string | undefined> {
    try {
      return (await this.#run(['ipset', 'list', '-t', set], options)).stdout;
    } catch (error) {
      if (isSetMissing(error)) return undefined;
      throw error;
    }
  }

  /** Everything; undefined where there is no such set. */
  async save(set: string, options: RunOptions): Promise<string | undefined> {
    try {
      return (await this.#run(['ipset', 'save', set], options)).stdout;
    } catch (error) {
      if (isSetMissing(error)) return undefined;
      throw error;
    }
  }

  /**
   * Carries out one command a line, until one fails. `-exist` makes an add of what is there set
   * its timeout anew, and a removal of nothing fine.
   */
  async restore(lines: readonly string[], options: RunOptions): Promise<void> {
    if (lines.length === 0) return;
    const input = `${lines.join('\n')}\n`;
    await this.#run(['ipset', '-exist', 'restore'], { ...options, input });
  }

  async #run(argv: readonly string[], options: RunOptions): Promise<CommandResult> {
    try {
      return await this.#commands.run(argv, options);
    } catch (error) {
      throw withHint(error, argv);
    }
  }
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/Operation not permitted/, 'run remand as root, or give it CAP_NET_ADMIN'],
  [
    /Cannot open session to kernel|Kernel support protocol|open socket to ipset|received: Invalid/,
    'load the kernel modules ip_set, ip_set_hash_ip and ip_set_hash_net',
  ],
  [/Hash is full/, 'make the set anew with a larger `maxelem`'],
];

function withHint(error: unknown, argv: readonly string[]): unknown {
  if (!(error instanceof CommandError) || error.hint !== undefined) return error;
  const { code, message, exitCode, timedOut } = error;
  const stderr = error.stderr ?? '';
  const hint = hints.find(([words]) => words.test(stderr))?.[1] ?? 'try `ipset list -t` as root';
  return new CommandError(code, message, {
    argv,
    cause: error,
    hint,
    timedOut,
    stderr,
    ...(exitCode === undefined ? {} : { exitCode }),
  });
}

function isSetMissing(error: unknown): boolean {
  const stderr = error instanceof CommandError ? (error.stderr ?? '') : '';
  return stderr.includes('set with the given name does not exist');
}
