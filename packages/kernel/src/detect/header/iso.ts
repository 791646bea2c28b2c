import { DASH, LETTER_T, SPACE } from './characters.ts';
import { isClock } from './clock.ts';
import type { Header } from './header.ts';
import { parseTag } from './tag.ts';

/** RFC 3339 / ISO 8601; with a `T` it is syslog's high-precision form, with a space plain text. */
export function parseIso(text: string, at: number, end: number, header: Header): boolean {
  const separator = text.charCodeAt(at + 10);
  if (
    at + 19 > end ||
    text.charCodeAt(at + 4) !== DASH ||
    text.charCodeAt(at + 7) !== DASH ||
    (separator !== LETTER_T && separator !== SPACE) ||
    !isClock(text, at + 11)
  ) {
    return false;
  }
  header.timeStart = at;
  let next = at + 19;
  while (next < end && text.charCodeAt(next) !== SPACE && next < at + 40) next++;
  header.timeEnd = next;
  if (text.charCodeAt(next) === SPACE && next < end) next++;
  header.messageStart = next;
  if (separator === SPACE) {
    header.kind = 'plain';
    return true;
  }
  header.kind = 'iso';
  parseTag(text, next, end, header);
  return true;
}
