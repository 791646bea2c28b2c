import { type Clock, CommandError, type CommandRunner, type Logger } from '@remand/api';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** What a kernel has that was given no way to start programs. */
export const noCommands: CommandRunner = {
  run: async (argv) => {
    throw noRunner(argv);
  },
  stream: (argv) => {
    throw noRunner(argv);
  },
};

function noRunner(argv: readonly string[]): CommandError {
  return new CommandError('COMMAND_MISSING', 'this kernel was given no command runner', {
    argv,
    hint: 'pass `commands` to createKernel',
  });
}
