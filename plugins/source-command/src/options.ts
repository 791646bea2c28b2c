import { basename } from 'node:path';
import { z } from 'zod';

/** Where the time stands from which on a program is to print. */
export const sincePlaceholder = '{since}';

export const commandOptions = z
  .strictObject({
    argv: z
      .array(
        z.string().regex(/^[^\0]{0,4000}$/, 'wanted text without NUL of at most 4000 characters'),
      )
      .min(1, 'a program is needed')
      .max(100)
      .describe(
        'The program and its arguments; there is no shell. `{since}` in an argument is the time ' +
          'behind which it is to go on, and needs `timestamps`.',
      ),
    timestamps: z
      .enum(['none', 'keep', 'strip'])
      .default('none')
      .describe(
        'Whether the program puts a time of RFC 3339 and a space before each line (`docker logs ' +
          '--timestamps`). keep: that is the line’s header. strip: it is taken away, and the ' +
          'line has a header of its own. none: it does not, and no line may be printed twice.',
      ),
    stderr: z
      .enum(['log', 'lines'])
      .default('log')
      .describe(
        'What the program writes to stderr. log: words about itself, shown when it ends. ' +
          'lines: lines like those of stdout (`docker logs` puts there what the container does).',
      ),
    timeZone: z
      .string()
      .refine(isTimeZone, { error: "wanted a time zone such as 'Europe/Berlin' or 'UTC'" })
      .optional()
      .describe('IANA zone of times that carry none. Default: that of the machine.'),
    header: z
      .enum(['auto', 'none'])
      .default('auto')
      .describe(
        'auto: lines begin with a time and a program, or with a date. none: lines have no ' +
          'header, and the whole line is offered to the filter.',
      ),
    program: z
      .string()
      .regex(/^[A-Za-z0-9._@/+-]{1,60}$/, "wanted the name of a program, such as 'sshd'")
      .optional()
      .describe(
        'The program that lines are of: for a service that writes no header of its own, such as ' +
          'sshd -D -e in a container. Not with `timestamps: strip` or `header: none`.',
      ),
  })
  .refine(
    ({ program, timestamps, header }) =>
      program === undefined || (timestamps !== 'strip' && header === 'auto'),
    {
      path: ['program'],
      error: 'is for lines without a header: not with `timestamps: strip` or `header: none`',
    },
  )
  .check((context) => {
    const problem = problemOf(context.value);
    if (problem === undefined) return;
    context.issues.push({
      code: 'custom',
      input: context.value.argv,
      path: ['argv'],
      message: problem,
    });
  });

export type CommandOptions = z.infer<typeof commandOptions>;

function problemOf({ argv, timestamps }: { argv: string[]; timestamps: string }) {
  const goesOn = argv.some((arg) => arg.includes(sincePlaceholder));
  if (goesOn && timestamps === 'none') {
    return '`{since}` needs `timestamps: keep` or `strip`, and a program that prints them: without them lines would count twice';
  }
  if (!goesOn && timestamps === 'none' && printsHistory(argv)) {
    return 'prints its whole history at each start, which would count twice: add --timestamps, --since and {since} with `timestamps: strip`, or --tail 0';
  }
  return undefined;
}

const engines = new Set(['docker', 'podman', 'nerdctl', 'kubectl', 'oc']);

/** Logs of containers are printed from their beginning unless something else is said. */
function printsHistory(argv: readonly string[]): boolean {
  if (!engines.has(basename(argv[0] ?? '')) || !argv.includes('logs')) return false;
  return !argv.some((arg, index) => {
    const [option, value = argv[index + 1]] = arg.split('=', 2);
    return (option === '--tail' || option === '-n') && value === '0';
  });
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
