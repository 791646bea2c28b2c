const newline = 10;
const carriageReturn = 13;

/** Where a block is cut: what lies before `linesEnd` is whole lines, all before `end` is done. */
export interface Cut {
  readonly linesEnd: number;
  readonly end: number;
  /** True when `end` lies inside of a line that is too long. */
  readonly skipping: boolean;
  /** True when that line began in this block. */
  readonly newlyLong: boolean;
}

/** Cuts bytes[start, end) behind its last newline, or anywhere once the rest is too long. */
export function cutBlock(
  bytes: Buffer,
  block: { start: number; end: number; skipping: boolean; maxLineBytes: number },
): Cut {
  const { start, end, skipping, maxLineBytes } = block;
  const last = start < end ? bytes.lastIndexOf(newline, end - 1) : -1;
  const linesEnd = last >= start ? last + 1 : start;
  if (skipping && linesEnd === start) {
    return { linesEnd, end, skipping: true, newlyLong: false };
  }
  // One more than the longest line, as a `\r` does not belong to it.
  const tooLong = end - linesEnd > maxLineBytes + 1;
  return { linesEnd, end: tooLong ? end : linesEnd, skipping: tooLong, newlyLong: tooLong };
}

/** Where the lines stand that may be passed on, and how many were dropped as too long. */
export interface KeptLines {
  readonly start: number;
  readonly end: number;
  readonly oversized: number;
}

/**
 * Drops lines that are too long from bytes[start, end), which ends with a newline, by moving the
 * others together. It leaps: all lines that end within the reach of the longest one are short
 * enough, so it looks once per `maxLineBytes`, not once per line.
 */
export function keepLines(
  bytes: Buffer,
  block: { start: number; end: number; skipping: boolean; maxLineBytes: number },
): KeptLines {
  const { end, maxLineBytes } = block;
  const start =
    block.skipping && block.start < end ? bytes.indexOf(newline, block.start) + 1 : block.start;
  let read = start;
  let write = start;
  let oversized = 0;
  while (read < end) {
    const reach = Math.min(end - 1, read + maxLineBytes);
    const last = bytes.lastIndexOf(newline, reach);
    const next = last >= read ? last + 1 : bytes.indexOf(newline, reach) + 1;
    const fits = last >= read || isLongestWithReturn(bytes, read + maxLineBytes, next);
    if (fits) {
      if (write !== read) bytes.copyWithin(write, read, next);
      write += next - read;
    } else {
      oversized += 1;
    }
    read = next;
  }
  return { start, end: write, oversized };
}

function isLongestWithReturn(bytes: Buffer, at: number, next: number): boolean {
  return next === at + 2 && bytes[at] === carriageReturn;
}
