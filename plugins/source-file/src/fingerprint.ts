import { hash } from 'node:crypto';
import type { Position } from './bookmark.ts';
import type { OpenLog } from './open-log.ts';

/** So many bytes at the start and before the offset make a file recognisable. */
export const markBytes = 256;

export function hashOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64url').slice(0, 22);
}

/** Reads bytes [from, to); fewer when the file is shorter. */
export async function readRange(log: OpenLog, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.max(0, to - from));
  if (buffer.length === 0) return buffer;
  const { bytesRead } = await log.handle.read(buffer, 0, buffer.length, from);
  return buffer.subarray(0, bytesRead);
}

/** Whether the file holds, up to the offset, what was read when the position was taken. */
export async function hasContentOf(log: OpenLog, position: Position): Promise<boolean> {
  const { offset, headLength, tailLength } = position;
  if (log.stat.size < BigInt(offset) || tailLength > offset) return false;
  const head = await readRange(log, 0, headLength);
  const tail = await readRange(log, offset - tailLength, offset);
  return hashOf(head) === position.head && hashOf(tail) === position.tail;
}

/** Whether it holds what was read, and something was: `rsync` and `sed -i` replace a file by a copy. */
export async function isCopyOf(log: OpenLog, position: Position): Promise<boolean> {
  return position.offset > 0 && (await hasContentOf(log, position));
}

/**
 * Whether this is the very file of the position. The device is not compared when there is content
 * to compare, since its number can change at a reboot.
 */
export async function isFileOf(log: OpenLog, position: Position): Promise<boolean> {
  if (String(log.stat.ino) !== position.ino) return false;
  if (position.offset === 0 && String(log.stat.dev) !== position.dev) return false;
  return hasContentOf(log, position);
}
