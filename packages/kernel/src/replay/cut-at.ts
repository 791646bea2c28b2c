import { type DatedLine, findDated, lineEnd } from './find-dated.ts';
import type { LogTimes } from './log-times.ts';

const firstStep = 256;

/**
 * Where the first line begins that is at or after `limit`, in lines [start, end) the first of
 * which is before it. Leaps: first ever further, then into halves, so that a line is looked at
 * for each doubling only. Lines without a time go with the one before.
 */
export function cutAt(
  bytes: Buffer,
  { start, end, limit }: { readonly start: number; readonly end: number; readonly limit: number },
  times: LogTimes,
): number {
  let low = start;
  let high = end;
  let step = firstStep;
  for (;;) {
    const found = datedBehind(bytes, low + step, end, times);
    if (!found || found.time >= limit) {
      if (found) high = found.start;
      break;
    }
    low = found.start;
    step *= 2;
  }
  // No dated line begins in (top, high).
  let top = Math.min(low + step, high);
  while (low < top) {
    const middle = (low + top) >> 1;
    const found = datedBehind(bytes, middle, high, times);
    if (!found) top = middle;
    else if (found.time < limit) low = found.start;
    else {
      high = found.start;
      top = middle;
    }
  }
  return high;
}

/** The first dated line that begins behind the byte `at`. */
function datedBehind(
  bytes: Buffer,
  at: number,
  end: number,
  times: LogTimes,
): DatedLine | undefined {
  return at >= end ? undefined : findDated(bytes, lineEnd(bytes, at, end) + 1, end, times);
}
