import { CommandError, type CommandRunner, type RunOptions } from '@remand/api';

/** ipfw reads a file of commands by its absolute path. */
const stdin = '/dev/stdin';

/** Runs `ipfw`, and says of its failures what to do. */
export class IpfwProgram {
  readonly #commands: CommandRunner;

  constructor(commands: CommandRunner) {
    this.#commands = commands;
  }

  async run(argv: readonly string[], options: RunOptions): Promise<string> {
    try {
      return (await this.#commands.run(argv, options)).stdout;
    } catch (error) {
      if (!(error instanceof CommandError) || error.hint !== undefined) throw error;
      throw withHint(error, argv);
    }
  }

  /** Carries out one command a line, until one fails. */
  async read(lines: readonly string[], options: RunOptions): Promise<void> {
    if (lines.length === 0) return;
    await this.run(['ipfw', '-q', stdin], { ...options, input: `${lines.join('\n')}\n` });
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
