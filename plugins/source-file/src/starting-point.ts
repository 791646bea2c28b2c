import { readRange } from './fingerprint.ts';
import type { OpenLog } from './open-log.ts';

/** Of a file without a bookmark no more than this is read back. */
export const mostReadBack = 64 * 1_048_576;

/** A place in a file: the start of a line, or inside of one that is to be skipped. */
export interface Point {
  readonly offset: number;
  readonly skipping: boolean;
  /** Streams of a container in the middle of a message that is to be skipped. */
  readonly skip?: readonly string[] | undefined;
}

export const startOfFile: Point = { offset: 0, skipping: false };

/** Where to begin in a file that was never read: at the start of a line. */
export async function startingPoint(
  log: OpenLog,
  given: { readonly lookBackFrom: number; readonly maxLineBytes: number },
): Promise<Point> {
  const size = Number(log.stat.size);
  const tooOld = Number(log.stat.mtimeMs) < given.lookBackFrom;
  const from = tooOld ? size : Math.max(0, size - mostReadBack);
  if (from === 0) return startOfFile;
  // The last line that ends at or before `from`; the one after it is read whole.
  const back = Math.max(0, from - given.maxLineBytes - 2);
  const before = await readRange(log, back, from);
  const newline = before.lastIndexOf(10);
  if (newline >= 0) return { offset: back + newline + 1, skipping: false };
  return back === 0 ? startOfFile : { offset: from, skipping: true };
}
