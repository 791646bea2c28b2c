import { CLOSE, COLON, DASH, DOT, isDigit, isUpper, SLASH, SPACE } from './characters.ts';
import { isClock } from './clock.ts';
import type { Header } from './header.ts';
import { monthAt } from './month.ts';
import { parseTag } from './tag.ts';

/**
 * The dates of services that write files of their own, each with a year:
 * `2026/11/25 11:53:29` (nginx), `25-Nov-2026 03:36:11.372` (BIND), `2026-11-25  8:25:38` and
 * `261125  8:25:38` (MySQL), `Wed Nov 25 12:20:33 2026` (vsftpd, and in brackets Apache),
 * `[25-Nov-2026 10:00:00 +0000]` (PHP) and `@400000006745a2c5…` (TAI64N, multilog).
 * What they mean is read by `readDate`.
 */
export function parseDated(text: string, at: number, end: number, header: Header): boolean {
  const dateEnd = behindDate(text, at, end);
  if (dateEnd < 0) return false;
  header.kind = 'dated';
  header.timeStart = at;
  header.timeEnd = dateEnd;
  header.messageStart = text.charCodeAt(dateEnd) === SPACE ? dateEnd + 1 : dateEnd;
  return true;
}

/** The same in brackets, perhaps with a colon behind them. */
export function parseBracketedDate(text: string, at: number, end: number, header: Header): boolean {
  const isDate = parseDated(text, at + 1, end, header) || parseYearless(text, at + 1, end, header);
  if (!isDate) return false;
  let next = header.timeEnd;
  // A zone, which stands behind the clock.
  while (next < end && next < at + 40 && text.charCodeAt(next) !== CLOSE) next++;
  if (text.charCodeAt(next) !== CLOSE) return false;
  if (header.kind === 'dated') header.timeEnd = next;
  next++;
  if (text.charCodeAt(next) === COLON) next++;
  header.messageStart = text.charCodeAt(next) === SPACE ? next + 1 : next;
  return true;
}

/** `Nov 25 12:20:33`, as RFC 3164 has it (Asterisk). */
function parseYearless(text: string, at: number, end: number, header: Header): boolean {
  const isIt =
    isSpace(text, at + 3) &&
    isSpace(text, at + 6) &&
    isClock(text, at + 7) &&
    monthAt(text, at) >= 0;
  if (!isIt || at + 15 > end) return false;
  header.kind = 'bsd';
  header.timeStart = at;
  header.timeEnd = at + 15;
  return true;
}

/** `@` and 24 digits; multilog stands before what a program wrote to its standard output. */
export function parseTai64n(text: string, at: number, end: number, header: Header): boolean {
  const labelEnd = at + 25;
  if (labelEnd >= end || text.charCodeAt(labelEnd) !== SPACE) return false;
  for (let index = at + 1; index < labelEnd; index++)
    if (!isHex(text.charCodeAt(index))) return false;
  header.kind = 'dated';
  header.timeStart = at;
  header.timeEnd = labelEnd;
  header.messageStart = labelEnd + 1;
  parseTag(text, labelEnd + 1, end, header);
  return true;
}

/** -1 when none stands at `at`. */
function behindDate(text: string, at: number, end: number): number {
  const first = text.charCodeAt(at);
  if (isUpper(first)) return behindCtime(text, at, end);
  if (!isDigit(first) || at + 15 > end) return -1;
  switch (text.charCodeAt(at + 4)) {
    case SLASH:
      return isSpace(text, at + 10) && isClock(text, at + 11) ? at + 19 : -1;
    case DASH:
      return isSpace(text, at + 10) && isLooseClock(text, at + 11) ? at + 19 : -1;
    default:
  }
  if (text.charCodeAt(at + 2) === DASH) {
    if (text.charCodeAt(at + 6) !== DASH || monthAt(text, at + 3) < 0) return -1;
    return isSpace(text, at + 11) && isClock(text, at + 12)
      ? behindFraction(text, at + 20, end)
      : -1;
  }
  for (let index = at + 1; index < at + 6; index++) if (!isDigit(text.charCodeAt(index))) return -1;
  return isSpace(text, at + 6) && isLooseClock(text, at + 7) ? at + 15 : -1;
}

/** ctime(3), perhaps with a fraction of the second. */
function behindCtime(text: string, at: number, end: number): number {
  const isIt =
    isSpace(text, at + 3) &&
    isSpace(text, at + 7) &&
    isSpace(text, at + 10) &&
    isClock(text, at + 11) &&
    monthAt(text, at + 4) >= 0;
  if (!isIt) return -1;
  const year = behindFraction(text, at + 19, end) + 1;
  for (let index = year; index < year + 4; index++) if (!isDigit(text.charCodeAt(index))) return -1;
  return year + 4 <= end && isSpace(text, year - 1) ? year + 4 : -1;
}

function behindFraction(text: string, at: number, end: number): number {
  if (text.charCodeAt(at) !== DOT) return at;
  let index = at + 1;
  while (index < end && isDigit(text.charCodeAt(index))) index++;
  return index;
}

/** `hh:mm:ss`, or ` h:mm:ss`. */
function isLooseClock(text: string, at: number): boolean {
  if (!isSpace(text, at)) return isClock(text, at);
  return (
    isDigit(text.charCodeAt(at + 1)) &&
    text.charCodeAt(at + 2) === COLON &&
    isDigit(text.charCodeAt(at + 3)) &&
    isDigit(text.charCodeAt(at + 4)) &&
    text.charCodeAt(at + 5) === COLON &&
    isDigit(text.charCodeAt(at + 6)) &&
    isDigit(text.charCodeAt(at + 7))
  );
}

function isSpace(text: string, at: number): boolean {
  return text.charCodeAt(at) === SPACE;
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102);
}
