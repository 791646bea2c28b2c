import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

const mostBytes = 64 * 1024 * 1024;

/** What is to be kept of a file that is replaced. */
export interface Like {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A file at one moment. */
export interface Look {
  /** The file itself, behind symbolic links. */
  readonly place: string;
  /** Latin-1: every byte is a character. Empty when there is no file. */
  readonly text: string;
  /** Changes when somebody writes, replaces or removes the file. */
  readonly print: string;
  /** Undefined when there is no file. */
  readonly like: Like | undefined;
}

/**
 * Reads a file. At once and not in steps, so that its caller can act on what it saw; it is small,
 * and on a disk of the machine.
 */
export function look(path: string): Look {
  const place = placeOf(path);
  const descriptor = openIfThere(place);
  if (descriptor === undefined) return { place, text: '', print: '', like: undefined };
  try {
    const stat = fstatSync(descriptor, { bigint: true });
    if (!stat.isFile()) throw new Error('it is no ordinary file');
    if (stat.size > mostBytes) throw new Error(`it has more than ${mostBytes} bytes`);
    const text = readFileSync(descriptor, 'latin1');
    const like = { mode: Number(stat.mode) & 0o7777, uid: Number(stat.uid), gid: Number(stat.gid) };
    return { place, text, print: printOf(stat), like };
  } finally {
    closeSync(descriptor);
  }
}

/** @returns a descriptor to read from, undefined when there is no file */
export function openIfThere(place: string): number | undefined {
  try {
    // A named pipe would keep us waiting.
    return openSync(place, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The print alone; empty when there is no file or it cannot be seen. */
export function printAt(path: string): string {
  try {
    return printOf(statSync(path, { bigint: true }));
  } catch {
    return '';
  }
}

function placeOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const inside = join(realpathSync(dirname(path)), basename(path));
    const aim = linkAim(inside);
    return aim === undefined ? inside : placeOf(resolve(dirname(inside), aim));
  }
}

function linkAim(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function printOf(stat: {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly mode: bigint;
  readonly uid: bigint;
  readonly gid: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
}): string {
  const { dev, ino, mode, uid, gid, size, mtimeNs } = stat;
  return [dev, ino, mode, uid, gid, size, mtimeNs].join(':');
}
