import { CommandError, type CommandRunner, type RunOptions } from '@remand/api';

export interface NotRunning {
  /** Whether this machine does not use that program at all: then it is not waited for. */
  readonly isAbsent: boolean;
  readonly error: CommandError;
}

/** What `status` ends with after `stop` and `clear`. */
const stopped = 3;

/**
 * Asks a program without a chain `shorewall` what is the matter.
 * @returns undefined when it runs after all
 */
export async function whyNotRunning(
  commands: CommandRunner,
  program: string,
  run: RunOptions,
): Promise<NotRunning | undefined> {
  try {
    await commands.run([program, 'status'], run);
    return undefined;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (error.code === 'COMMAND_MISSING') return { isAbsent: true, error: missing(program, error) };
    if (error.code === 'COMMAND_TIMEOUT') throw error;
    const isAbsent = error.exitCode !== stopped && (await hasNeverRun(commands, program, run));
    return { isAbsent, error: notRunning(program, isAbsent, error) };
  }
}

/** Only the output says so, and of a program that ends with 4 a stream alone shows it. */
async function hasNeverRun(
  commands: CommandRunner,
  program: string,
  { signal }: RunOptions,
): Promise<boolean> {
  const stream = commands.stream([program, 'status']);
  const stop = () => void stream.stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    let found = false;
    for await (const line of stream.lines) found ||= line.startsWith('State:Unknown');
    return found;
  } finally {
    signal?.removeEventListener('abort', stop);
    await stream.stop();
  }
}

function missing(program: string, cause: CommandError): CommandError {
  return new CommandError('COMMAND_MISSING', `${program} is not installed`, {
    cause,
    hint: `install the package ${program} and configure it, or use another action`,
  });
}

function notRunning(program: string, isAbsent: boolean, cause: CommandError): CommandError {
  const what = isAbsent ? 'has never been started on this machine' : 'is not running';
  return new CommandError('COMMAND_FAILED', `${program} ${what}`, {
    cause,
    hint: `start it (\`${program} start\`), or leave it out of \`families\``,
  });
}
