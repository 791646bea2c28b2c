import { CLOSE, COLON, indexWithin, OPEN, SLASH, SPACE } from './characters.ts';
import { isClock } from './clock.ts';
import type { Header } from './header.ts';

/** `host ident user [10/Oct/2000:13:55:36 -0700] "…`: the first bracket, in the fourth field. */
export function parseClf(text: string, at: number, end: number, header: Header): boolean {
  let from = at;
  // A host of 255 characters, two dashes or names; the bracket is further left than this.
  while (from < end && from < at + 600) {
    const open = indexWithin(text, OPEN, from, Math.min(end, at + 600));
    if (open < 0 || open + 21 > end) return false;
    const day = open + 1;
    if (
      text.charCodeAt(open - 1) === SPACE &&
      text.charCodeAt(day + 2) === SLASH &&
      text.charCodeAt(day + 6) === SLASH &&
      text.charCodeAt(day + 11) === COLON &&
      isClock(text, day + 12)
    ) {
      header.kind = 'clf';
      header.timeStart = day;
      const close = indexWithin(text, CLOSE, day, Math.min(end, day + 31));
      header.timeEnd = close < 0 ? day + 20 : close;
      header.messageStart = at;
      return true;
    }
    from = open + 1;
  }
  return false;
}
