import { isAbsolute } from 'node:path';
import { printable } from '@remand/api';
import { z } from 'zod';

/** A stream's name holds the path and may have 4096 characters. */
const longestPath = 3_800;

const logPath = z.string().check((context) => {
  const problem = problemOf(context.value);
  if (problem) {
    const message = `'${printable(context.value)}' ${problem}`;
    context.issues.push({ code: 'custom', input: context.value, message });
  }
});

export const fileOptions = z
  .strictObject({
    paths: z
      .array(logPath)
      .min(1, 'at least one path is needed')
      .describe(
        'Absolute paths of log files. `*`, `?`, `[…]`, `{a,b}` and `**` are patterns; files that ' +
          'appear later are read too.',
      ),
    timeZone: z
      .string()
      .check((context) => {
        if (isTimeZone(context.value)) return;
        const message = `'${printable(context.value)}' is no time zone: write one such as 'Europe/Berlin' or 'UTC'`;
        context.issues.push({ code: 'custom', input: context.value, message });
      })
      .optional()
      .describe('IANA zone of times in these files that carry none. Default: that of the machine.'),
    header: z
      .enum(['auto', 'none'])
      .default('auto')
      .describe(
        'auto: lines begin with a time and a program, as syslog writes them, or with a date. ' +
          'none: lines have no header, and the whole line is offered to the filter.',
      ),
    format: z
      .enum(['plain', 'docker'])
      .default('plain')
      .describe(
        'docker: the files are those of Docker’s json-file driver ' +
          '(`/var/lib/docker/containers/*/*-json.log`). Parts of a line are joined, and the time of ' +
          'an entry is the header of its line, unless that has none.',
      ),
    program: z
      .string()
      .regex(/^[A-Za-z0-9._@/+-]{1,60}$/, "wanted the name of a program, such as 'sshd'")
      .optional()
      .describe(
        'With `format: docker`, the program that lines are of: for a service that writes no ' +
          'header of its own, such as sshd -D -e.',
      ),
  })
  .refine(
    ({ format, header, program }) =>
      program === undefined || (format === 'docker' && header === 'auto'),
    {
      path: ['program'],
      error: 'is for `format: docker` with `header: auto` alone',
    },
  );

export type FileOptions = z.infer<typeof fileOptions>;

function problemOf(path: string): string | undefined {
  if (!isAbsolute(path)) return "is not an absolute path: write one such as '/var/log/auth.log'";
  if (path.includes('\0')) return 'holds a NUL character, which no path can';
  if (path.endsWith('/')) return "is a folder: write a file or a pattern such as '/var/log/*.log'";
  if (path.length > longestPath) return `is longer than ${longestPath} characters`;
  return undefined;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
