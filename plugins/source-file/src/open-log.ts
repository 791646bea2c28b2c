import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { notRegularTrouble, type Trouble, troubleOf } from './trouble.ts';

/** A regular file, opened for reading. */
export interface OpenLog {
  readonly handle: FileHandle;
  readonly stat: BigIntStats;
}

export type Opening =
  | { readonly log: OpenLog; readonly trouble?: undefined }
  | { readonly log?: undefined; readonly trouble: Trouble };

// Without O_NONBLOCK the open of a FIFO would wait for a writer and hold a thread for ever.
const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** Opens a log, if it is a regular file. Never waits for anybody. */
export async function openLog(path: string): Promise<Opening> {
  let handle: FileHandle | undefined;
  try {
    // Before the open as well, since opening a device can have effects.
    const before = await stat(path, { bigint: true });
    if (!before.isFile()) return { trouble: notRegularTrouble(path, kindOf(before)) };
    handle = await open(path, flags);
    const opened = await handle.stat({ bigint: true });
    if (opened.isFile()) return { log: { handle, stat: opened } };
    await handle.close();
    return { trouble: notRegularTrouble(path, kindOf(opened)) };
  } catch (error) {
    await handle?.close();
    return { trouble: troubleOf(path, error) };
  }
}

function kindOf(found: BigIntStats): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a FIFO';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}
