import { mkdirSync, type Stats, statSync } from 'node:fs';
import { CommandError, printable, reasonOf } from '@remand/api';

/**
 * Makes the state folder with mode 0700 if it is missing, and refuses one that others could
 * change. The mode of a folder that exists is left alone: it may be one that others need.
 * @throws CommandError (`STATE_UNWRITABLE`)
 */
export function prepareStateFolder(folder: string): void {
  const stats = makeOrStat(folder);
  const name = printable(folder);
  if (!stats.isDirectory()) {
    throw refusal(`The state folder ${name} is not a folder.`, choose);
  }
  const self = process.geteuid?.();
  if (self !== undefined && stats.uid !== self) {
    throw refusal(
      `The state folder ${name} belongs to user ${stats.uid}, and remand runs as user ${self}.`,
      `Run remand as its owner, give it away with "chown ${self}", or name another under state.path.`,
    );
  }
  if (self !== undefined && (stats.mode & 0o022) !== 0) {
    throw refusal(
      `Others may write in the state folder ${name} (mode ${(stats.mode & 0o7777).toString(8)}).`,
      'Use a folder of its own, or take the right away with "chmod go-w".',
    );
  }
}

const choose = 'Name a folder that remand may write in under state.path.';

function makeOrStat(folder: string): Stats {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    // A file in its place is told by what is there.
    const existing = statIfThere(folder);
    if (existing) return existing;
    throw refusal(
      `The state folder ${printable(folder)} cannot be made: ${printable(reasonOf(error))}.`,
      choose,
      error,
    );
  }
  return statSync(folder);
}

function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A folder above that may not be searched; the first error says so.
    return undefined;
  }
}

function refusal(message: string, hint: string, cause?: unknown): CommandError {
  return new CommandError('STATE_UNWRITABLE', message, {
    hint,
    ...(cause === undefined ? {} : { cause }),
  });
}
