import { CLOSE, COLON, indexWithin, OPEN, SPACE } from './characters.ts';
import type { Header } from './header.ts';
import { setProgram } from './program.ts';

/** A program and its pid are no longer than this. */
const longestTag = 128;

/**
 * The host and the tag behind a time: `host prog[pid]: `, `prog[pid]: `, `host prog: `,
 * `[prog]: ` and `[prog] `. A line without a tag has no program and its message is all of it.
 */
export function parseTag(text: string, at: number, end: number, header: Header): boolean {
  if (text.charCodeAt(at) === OPEN) return parseBracketedTag(text, at, end, header);
  const wordEnd = behindWord(text, at, end);
  if (parseTagAt(text, at, wordEnd, end, header)) return true;
  // What ended the word was a colon or a bracket in the name of the host.
  const hostEnd = indexWithin(text, SPACE, wordEnd, end);
  if (hostEnd < 0 || hostEnd === at) return false;
  // A name that ends with a colon is a tag of another form, and belongs to the message.
  if (text.charCodeAt(hostEnd - 1) === COLON) return false;
  header.hostEnd = hostEnd + 1;
  return parseTagBehindHost(text, header.hostEnd, end, header);
}

/** `prog[pid]: `, `prog: `, `[prog]: ` or `[prog] ` behind a host and its space. */
export function parseTagBehindHost(text: string, at: number, end: number, header: Header): boolean {
  if (text.charCodeAt(at) === OPEN) return parseBracketedTag(text, at, end, header);
  return parseTagAt(text, at, behindWord(text, at, end), end, header);
}

/** The offset of the first space, colon or bracket. */
function behindWord(text: string, at: number, end: number): number {
  const most = Math.min(end, at + longestTag);
  let index = at;
  while (index < most) {
    const code = text.charCodeAt(index);
    if (code === SPACE || code === COLON || code === OPEN) break;
    index++;
  }
  return index;
}

/** `prog[pid]: ` or `prog: ` exactly at `at`, where the program ends at `wordEnd`. */
function parseTagAt(
  text: string,
  at: number,
  wordEnd: number,
  end: number,
  header: Header,
): boolean {
  const most = Math.min(end, at + longestTag);
  if (wordEnd === at || wordEnd >= most) return false;
  let index = wordEnd;
  let pidStart = -1;
  if (text.charCodeAt(index) === OPEN) {
    pidStart = index + 1;
    index++;
    while (index < most && text.charCodeAt(index) !== CLOSE) {
      if (text.charCodeAt(index) === SPACE) return false;
      index++;
    }
    index++;
    if (index >= most) return false;
  }
  if (text.charCodeAt(index) !== COLON) return false;
  index++;
  if (index < end && text.charCodeAt(index) !== SPACE) return false;
  setProgram(text, at, wordEnd, header);
  header.pidStart = pidStart;
  header.messageStart = Math.min(index + 1, end);
  return true;
}

function parseBracketedTag(text: string, at: number, end: number, header: Header): boolean {
  const close = indexWithin(text, CLOSE, at, Math.min(end, at + 65));
  if (close < 0 || close === at + 1) return false;
  setProgram(text, at + 1, close, header);
  let index = close + 1;
  if (text.charCodeAt(index) === COLON) index++;
  if (index < end && text.charCodeAt(index) === SPACE) index++;
  header.messageStart = Math.min(index, end);
  return true;
}
