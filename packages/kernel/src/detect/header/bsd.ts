import { DOT, isDigit, SPACE } from './characters.ts';
import { isClock } from './clock.ts';
import type { Header } from './header.ts';
import { monthAt } from './month.ts';
import { parseTag, parseTagBehindHost } from './tag.ts';

/** RFC 3164 §4.1.2, with the day as `11`, ` 1` or (as some daemons write it) `1`. */
export function parseBsd(text: string, at: number, end: number, header: Header): boolean {
  if (beginsLikeTheLast(text, at, end, header)) return true;
  if (text.charCodeAt(at + 3) !== SPACE) return false;
  let day = at + 4;
  if (text.charCodeAt(day) === SPACE) day++;
  if (!isDigit(text.charCodeAt(day))) return false;
  let clock = day + 1;
  if (isDigit(text.charCodeAt(clock))) clock++;
  if (text.charCodeAt(clock) !== SPACE) return false;
  clock++;
  if (!isClock(text, clock) || monthAt(text, at) < 0 || clock + 8 > end) return false;
  header.kind = 'bsd';
  header.timeStart = at;
  header.timeEnd = clock + 8;
  let next = clock + 8;
  if (text.charCodeAt(next) === DOT) {
    next++;
    while (next < end && isDigit(text.charCodeAt(next))) next++;
  }
  if (text.charCodeAt(next) === SPACE) next++;
  header.messageStart = next;
  parseTag(text, next, end, header);
  if (header.hostEnd >= 0) remember(text, at, header, next);
  return true;
}

/** In a burst most lines are of the same second and host as the one before: those are compared only. */
function beginsLikeTheLast(text: string, at: number, end: number, header: Header): boolean {
  const { before } = header;
  const { text: beginning } = before;
  if (beginning.length === 0 || !beginning.standsAt(text, at)) return false;
  header.kind = 'bsd';
  header.timeStart = at;
  header.timeEnd = at + before.timeEnd;
  header.messageStart = at + before.messageStart;
  header.hostEnd = at + beginning.length;
  parseTagBehindHost(text, header.hostEnd, end, header);
  return true;
}

function remember(text: string, at: number, header: Header, messageStart: number): void {
  const { before } = header;
  before.text.set(text, at, header.hostEnd);
  before.timeEnd = header.timeEnd - at;
  before.messageStart = messageStart - at;
}
