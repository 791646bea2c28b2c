import { isAbsolute } from 'node:path';
import { z } from 'zod';

const match = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]{0,63}=[^\0\n]{1,1000}$/, "wanted FIELD=value, such as '_UID=0'");

const word = z.string().regex(/^[^\0\n]{1,200}$/, 'wanted a name of 1 to 200 characters');

const path = z
  .string()
  .refine((value) => isAbsolute(value) && !value.includes('\0') && value.length <= 1_000, {
    error: "wanted an absolute path, such as '/var/log/journal'",
  });

export const journalOptions = z
  .strictObject({
    identifiers: z
      .array(word)
      .min(1)
      .optional()
      .describe('Only entries of these programs, by SYSLOG_IDENTIFIER (`sshd`).'),
    units: z
      .array(word)
      .min(1)
      .optional()
      .describe('Only entries of these units, by _SYSTEMD_UNIT. `ssh` is short for `ssh.service`.'),
    matches: z
      .array(match)
      .min(1)
      .optional()
      .describe(
        'Only entries with these fields, such as `_UID=0`. Of one field any value will do; ' +
          'different fields, units and identifiers must all fit.',
      ),
    directory: path
      .optional()
      .describe('Reads the journal files of this folder in place of the machine’s journal.'),
    files: z
      .array(path)
      .min(1)
      .optional()
      .describe('Reads these journal files in place of the machine’s journal; `*` is a pattern.'),
    namespace: z
      .string()
      .regex(/^[A-Za-z0-9_.@+*-]{1,200}$/, 'wanted the name of a journal namespace')
      .optional()
      .describe('Reads this namespace of the journal (`LogNamespace=` of the unit).'),
  })
  .refine(
    ({ directory, files, namespace }) =>
      [directory, files, namespace].filter((one) => one !== undefined).length <= 1,
    { error: 'wanted only one of directory, files and namespace' },
  );

export type JournalOptions = z.infer<typeof journalOptions>;
