import {
  CommandError,
  type CommandResult,
  type CommandRunner,
  type Logger,
  printable,
  type RunOptions,
} from '@remand/api';
import { execa, type Options } from 'execa';
import { checkedArgv } from './checked-argv.ts';
import { commandEnvironment } from './command-environment.ts';
import { startStream } from './command-stream.ts';
import { missingHint } from './missing-hint.ts';

const defaultTimeoutMs = 10_000;
const maxOutputBytes = 256 * 1024 * 1024;
const stderrShown = 2048;

export interface CommandRunnerGiven {
  readonly logger?: Logger;
}

/** The CommandRunner of the daemon: execa, a fixed environment, no shell. */
export function createCommandRunner(given: CommandRunnerGiven = {}): CommandRunner {
  return {
    run: (argv, options = {}) => run(argv, options, given.logger),
    stream: (argv, options) => startStream(argv, options),
  };
}

const runOptions = {
  env: commandEnvironment,
  extendEnv: false,
  cwd: '/',
  reject: false,
  stripFinalNewline: false,
  maxBuffer: maxOutputBytes,
  killSignal: 'SIGKILL',
  // A grandchild that holds the pipes would keep the call waiting beyond its timeout.
  killDescendants: true,
  // A run ends by itself; execa's clean-up would put signal handlers into the daemon.
  cleanup: false,
} as const satisfies Options;

async function run(
  argv: readonly string[],
  options: RunOptions,
  logger: Logger | undefined,
): Promise<CommandResult> {
  const [program, ...args] = checkedArgv(argv);
  const { signal, input = '', timeoutMs = defaultTimeoutMs } = options;
  if (signal?.aborted) throw failure('COMMAND_FAILED', argv, 'was cancelled before it began', {});
  const result = await execa(program, args, {
    ...runOptions,
    input,
    // 0 would mean "without end" to execa.
    timeout: Math.max(1, Math.ceil(timeoutMs)),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  logger?.debug('command', { program, ms: Math.round(result.durationMs), ok: !result.failed });
  if (result.failed) throw toCommandError(argv, timeoutMs, result);
  return { stdout: result.stdout, stderr: result.stderr };
}

/** What is used of the result of execa, whose own type depends on the options. */
interface RunResult {
  readonly stderr: string | undefined;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
  readonly originalMessage?: string | undefined;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
  readonly isMaxBuffer: boolean;
}

function toCommandError(
  argv: readonly string[],
  timeoutMs: number,
  result: RunResult,
): CommandError {
  const { exitCode } = result;
  // After some failures to start execa has no output at all.
  const stderr = cut(printable((result.stderr ?? '').trim(), stderrShown));
  const details = {
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(stderr === '' ? {} : { stderr }),
  };
  if (result.timedOut) {
    const what = `did not end within ${timeoutMs} ms and was killed`;
    return failure('COMMAND_TIMEOUT', argv, what, { ...details, timedOut: true });
  }
  if (result.code === 'ENOENT') {
    const hint = missingHint(argv[0] ?? '');
    return failure('COMMAND_MISSING', argv, 'is not installed', { hint });
  }
  return failure('COMMAND_FAILED', argv, whatFailed(result, stderr), details);
}

function whatFailed(result: RunResult, stderr: string): string {
  if (result.isCanceled) return 'was cancelled';
  if (result.isMaxBuffer) return `printed more than ${maxOutputBytes} bytes and was killed`;
  const words = stderr === '' ? '' : `: ${printable(stderr, 300)}`;
  if (result.exitCode !== undefined) return `ended with ${result.exitCode}${words}`;
  if (result.signal !== undefined) return `was killed by ${result.signal}${words}`;
  return `could not be started: ${printable(result.originalMessage ?? result.code ?? '', 300)}`;
}

function failure(
  code: CommandError['code'],
  argv: readonly string[],
  what: string,
  details: Omit<NonNullable<ConstructorParameters<typeof CommandError>[2]>, 'argv'>,
): CommandError {
  return new CommandError(code, `${printable(argv.join(' '), 120)} ${what}`, { argv, ...details });
}

/** Escapes make text longer. */
function cut(text: string): string {
  return text.length > stderrShown ? `${text.slice(0, stderrShown)}…` : text;
}
