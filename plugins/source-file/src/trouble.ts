import { printable, reasonOf } from '@remand/api';

/** Why a file cannot be read now. It is tried again every second. */
export interface Trouble {
  readonly missing: boolean;
  readonly reason: string;
  readonly hint: string;
}

export function missingTrouble(path: string): Trouble {
  return {
    missing: true,
    reason: `${printable(path)} does not exist`,
    hint: 'it is read as soon as it appears; check the path, or whether this system logs to the journal only',
  };
}

export function notRegularTrouble(path: string, kind: string): Trouble {
  return {
    missing: false,
    reason: `${printable(path)} is ${kind}, not a regular file`,
    hint: 'name a log file in `paths`',
  };
}

/** For a batch that the kernel did not take, though it is not stopping. */
export function refusedTrouble(path: string, error: unknown): Trouble {
  return {
    missing: false,
    reason: `lines of ${printable(path)} were not taken: ${printable(reasonOf(error))}`,
    hint: 'they are offered again every five seconds; see the log',
  };
}

/** For a failed system call on `path`. */
export function troubleOf(path: string, error: unknown): Trouble {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return missingTrouble(path);
  if (code === 'EACCES' || code === 'EPERM') {
    return {
      missing: false,
      reason: `no permission to read ${printable(path)}`,
      hint: 'run remand as root or let its user read the file (on Debian: group adm)',
    };
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    return {
      missing: false,
      reason: `too many open files to read ${printable(path)}`,
      hint: 'raise the limit of open files (LimitNOFILE=) or name fewer files',
    };
  }
  return {
    missing: false,
    reason: `${printable(path)} cannot be read: ${printable(reasonOf(error))}`,
    hint: 'it is tried again every second',
  };
}
