import { CommandError, type CommandRunner, type RunOptions } from '@remand/api';

const hints: readonly (readonly [RegExp, string])[] = [
  [/Permission denied|must be root|Operation not permitted/, 'run remand as root'],
  [/xtables lock/, 'see which other program keeps changing the firewall'],
  [
    /Address family not supported|Protocol not supported|insmod|modprobe/,
    'this kernel lacks the table: load its module, or leave this family out of `families`',
  ],
  [
    /Hash is full/,
    'the set is full: destroy it while shorewall is stopped and create it with a greater maxelem',
  ],
  [
    /set with the given name does not exist/,
    'write the names from DYNAMIC_BLACKLIST in shorewall.conf as `set` and `set6`',
  ],
];

/** Runs programs and says of their failures what to do. */
export async function runHinted(
  commands: CommandRunner,
  argv: readonly string[],
  run: RunOptions,
): Promise<string> {
  try {
    return (await commands.run(argv, run)).stdout;
  } catch (error) {
    if (!(error instanceof CommandError) || error.hint !== undefined) throw error;
    const { code, message, exitCode, timedOut, stderr } = error;
    const hint = hints.find(([words]) => words.test(stderr ?? ''))?.[1];
    throw new CommandError(code, message, {
      argv,
      cause: error,
      hint: hint ?? `try \`${argv.join(' ').slice(0, 80)}\` as root`,
      timedOut,
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(stderr === undefined ? {} : { stderr }),
    });
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
