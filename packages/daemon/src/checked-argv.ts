import { CommandError, InternalError, printable } from '@remand/api';

/**
 * The program and its arguments.
 * @throws CommandError for an argument that no program can be given (execve(2) ends it at NUL)
 */
export function checkedArgv(argv: readonly string[]): readonly [string, ...string[]] {
  const [program, ...args] = argv;
  if (program === undefined) throw new InternalError('a command without a program');
  if (argv.some((arg) => arg.includes('\0'))) {
    const what = 'could not be started: an argument contains a null character';
    throw new CommandError('COMMAND_FAILED', `${printable(argv.join(' '), 120)} ${what}`, { argv });
  }
  return [program, ...args];
}
