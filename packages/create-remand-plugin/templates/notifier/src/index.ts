import { appendFile } from 'node:fs/promises';
import { CommandError, definePlugin, type Notice, printable, reasonOf } from '@remand/api';
import { z } from 'zod';

export default definePlugin({
  kind: 'notifier',
  name: '{{name}}',
  apiVersion: 1,
  summary: '{{summary}}',
  options: z.strictObject({
    path: z.string().startsWith('/', 'an absolute path').describe('The file that is written.'),
  }),
  inject: [],
  create: ({ options: { path } }) => ({
    // Resolving means that all are delivered; after a throw all of them come again.
    deliver: async (notices) => {
      try {
        await appendFile(path, notices.map(lineOf).join(''));
      } catch (error) {
        throw new CommandError('NOTICE_FAILED', `${path}: ${reasonOf(error)}`, {
          hint: 'the folder must be there, and writable for remand',
          cause: error,
        });
      }
    },
  }),
});

/** What came from a log is text of an attacker: JSON keeps it text, `printable` shows what is unseen. */
function lineOf({ id, kind, at, summary, address, holder }: Notice): string {
  const shown = { id, kind, at: new Date(at).toISOString(), summary, address, holder };
  const clean = (_key: string, value: unknown) =>
    typeof value === 'string' ? printable(value, 1_000) : value;
  return `${JSON.stringify(shown, clean)}\n`;
}
