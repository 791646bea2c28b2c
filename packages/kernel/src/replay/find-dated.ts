import type { LogTimes } from './log-times.ts';

const newline = 10;

/** A line that has a time. */
export interface DatedLine {
  readonly start: number;
  readonly time: number;
}

/** The first dated line that begins at or after `from`, which is a line's beginning. */
export function findDated(
  bytes: Buffer,
  from: number,
  end: number,
  times: LogTimes,
): DatedLine | undefined {
  let start = from;
  while (start < end) {
    const next = lineEnd(bytes, start, end);
    const time = times.read(bytes, start, next);
    if (time !== undefined) return { start, time };
    start = next + 1;
  }
  return undefined;
}

/** Where the line that `at` stands in ends: at its newline, or at `end`. */
export function lineEnd(bytes: Buffer, at: number, end: number): number {
  const next = bytes.indexOf(newline, at);
  return next < 0 || next > end ? end : next;
}
