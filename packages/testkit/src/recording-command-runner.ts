import {
  CommandError,
  type CommandResult,
  type CommandRunner,
  type CommandStream,
  type RunOptions,
  type StreamOptions,
} from '@remand/api';
import { FakeCommandStream } from './fake-command-stream.ts';

export interface RecordedRun {
  readonly argv: readonly string[];
  readonly input: string | undefined;
}

/** stdout, a whole result, or an error to reject with. */
export type CommandAnswer = string | CommandResult | Error;

export type CommandHandler = (
  argv: readonly string[],
  options: RunOptions,
) => CommandAnswer | Promise<CommandAnswer>;

/**
 * Answers by what argv begins with, words joined by one space: `nft list` answers
 * `['nft', 'list', 'table']`. The longest such key counts; without one stdout is empty.
 */
export type CommandTable = Readonly<Record<string, CommandAnswer | CommandHandler>>;

/** Starts nothing, remembers everything. */
export class RecordingCommandRunner implements CommandRunner {
  readonly runs: RecordedRun[] = [];
  readonly streams: FakeCommandStream[] = [];
  readonly #handler: CommandHandler;
  readonly #failures: Error[] = [];

  constructor(answers: CommandHandler | CommandTable = {}) {
    this.#handler =
      typeof answers === 'function' ? answers : (argv, options) => lookUp(answers, argv, options);
  }

  /** The command lines run until now, for short assertions. */
  get lines(): readonly string[] {
    return this.runs.map((run) => run.argv.join(' '));
  }

  /** Makes the next `times` runs reject, whatever they are. */
  failNext(times = 1, error: Error = commandFailure()): void {
    for (let time = 0; time < times; time++) this.#failures.push(error);
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    this.runs.push({ argv, input: options.input });
    const failure = this.#failures.shift();
    if (failure !== undefined) throw failure;
    if (options.signal?.aborted) throw commandFailure('was aborted');
    const answer = await this.#handler(argv, options);
    if (answer instanceof Error) throw answer;
    return typeof answer === 'string' ? { stdout: answer, stderr: '' } : answer;
  }

  stream(argv: readonly string[], options: StreamOptions = {}): CommandStream {
    const stream = new FakeCommandStream(argv, options);
    this.streams.push(stream);
    return stream;
  }
}

/** What a runner rejects with when a program ends with 1. */
export function commandFailure(stderr = 'made to fail by the test'): CommandError {
  return new CommandError('COMMAND_FAILED', `the program ended with 1: ${stderr}`, {
    exitCode: 1,
    stderr,
  });
}

async function lookUp(
  table: CommandTable,
  argv: readonly string[],
  options: RunOptions,
): Promise<CommandAnswer> {
  const line = `${argv.join(' ')} `;
  const key = Object.keys(table)
    .filter((candidate) => line.startsWith(`${candidate} `))
    .sort((left, right) => right.length - left.length)[0];
  const answer = key === undefined ? '' : (table[key] ?? '');
  return typeof answer === 'function' ? answer(argv, options) : answer;
}
