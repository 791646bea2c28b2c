import { CommandError, InternalError, printable, reasonOf } from '@remand/api';

/** The primary result codes that are told apart (https://www.sqlite.org/rescode.html). */
export const sqliteCodes = {
  error: 1,
  busy: 5,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
} as const;

/** The primary result code of an error of `node:sqlite`; undefined for any other error. */
export function sqliteCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** Whether an error says that the file's content is damaged, not that it cannot be reached. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCodeOf(error);
  return code === sqliteCodes.corrupt || code === sqliteCodes.notADatabase;
}

/** From an error of SQLite to one that says what to do. Other errors are returned as they are. */
export function unwritable(path: string, error: unknown): unknown {
  const code = sqliteCodeOf(error);
  if (code === undefined) return error;
  const reason = printable(reasonOf(error));
  if (ours.includes(code)) {
    return new InternalError(`The ledger was given what it cannot hold: ${reason}.`, {
      cause: error,
    });
  }
  return new CommandError(
    'STATE_UNWRITABLE',
    `The ledger ${printable(path)} cannot be written: ${reason}.`,
    { hint: hints[code] ?? 'Look at the disk and the rights of the state folder.', cause: error },
  );
}

// What no disk causes: trying again would not help.
const ours: readonly number[] = [sqliteCodes.error, sqliteCodes.constraint];

const hints: Readonly<Record<number, string>> = {
  [sqliteCodes.full]: 'Make room on its disk; remand goes on writing as soon as there is some.',
  [sqliteCodes.readOnly]: 'Its file system is mounted read-only, or its rights were changed.',
  [sqliteCodes.ioError]: 'Its disk fails or is full; look at the kernel log (dmesg).',
  [sqliteCodes.corrupt]: 'Restart remand: a damaged ledger is set aside and a fresh one begun.',
  [sqliteCodes.notADatabase]:
    'Restart remand: a damaged ledger is set aside and a fresh one begun.',
  [sqliteCodes.cannotOpen]: 'Let remand write in the state folder, or name another by state.path.',
};
