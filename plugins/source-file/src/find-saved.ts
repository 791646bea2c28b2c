import type { Logger } from '@remand/api';
import type { Position } from './bookmark.ts';
import { findRotated } from './find-rotated.ts';
import { isCopyOf, isFileOf } from './fingerprint.ts';
import type { OpenLog } from './open-log.ts';

/**
 * Finds the files of a bookmark, whatever they are called now: `current` is the one that the path
 * leads to. A file that is nowhere is named in a warning, if something of it was not read.
 */
export async function findSaved(
  path: string,
  given: {
    readonly saved: readonly Position[];
    readonly current: OpenLog;
    readonly logger: Logger;
  },
): Promise<readonly { readonly log: OpenLog; readonly position: Position }[]> {
  const { saved, current, logger } = given;
  const found: { readonly log: OpenLog; readonly position: Position }[] = [];
  for (const [index, position] of saved.entries()) {
    const isTaken = found.some(({ log }) => log === current);
    const isCurrent = !isTaken && (await isFileOf(current, position));
    const log = isCurrent ? current : await findRotated(path, position);
    if (log) found.push({ log, position });
    else if (!isTaken && position === saved.at(-1) && (await isCopyOf(current, position))) {
      found.push({ log: current, position });
    }
    // They are read in order: once the next one was begun, this one had been read to its end.
    else if (position.offset > 0 && !saved[index + 1]?.offset) {
      logger.warn('file-tail-lost', { path, offset: position.offset });
    }
  }
  return found;
}
