import { CommandError, printable, reasonOf } from '@remand/api';

const hints: Readonly<Record<string, string>> = {
  EACCES: 'run remand as root, or let it write that folder',
  EPERM: 'run remand as root; look at `lsattr` for a file that may not be changed',
  EROFS: 'make that file system writable, for remand too (ReadWritePaths of its systemd unit)',
  ENOENT: 'make the folder, or correct `path`',
  ENOTDIR: 'correct `path`',
  ENOSPC: 'make room on that file system',
  ELOOP: 'a symbolic link leads back to itself: correct it',
};

/** Says of a failure which file it was and what to do. */
export function unusable(error: unknown, path: string, doing: 'read' | 'written'): CommandError {
  if (error instanceof CommandError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = printable(reasonOf(error));
  return new CommandError('FILE_UNUSABLE', `${path} cannot be ${doing}: ${reason}`, {
    cause: error,
    hint: hints[code] ?? `look at \`ls -l ${path}\``,
  });
}
