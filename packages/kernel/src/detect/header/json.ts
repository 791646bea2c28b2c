import { isDigit } from './characters.ts';
import type { Header } from './header.ts';
import { Literal } from './literal.ts';

const QUOTE = 34;
const COLON = 58;
const OPEN = 123;
const CLOSE = 125;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const BACKSLASH = 92;
const SPACE = 32;

/** The keys under which services write the time, each as it stands between its quotation marks. */
const timeKeys = [
  'ts',
  'time',
  'timestamp',
  '@timestamp',
  'datetime',
  'date',
  'StartUTC',
  'time_local',
  'time_iso8601',
].map((key) => Literal.of(key));

/**
 * A line that is a JSON object, offered whole. Its time is the first value of the outermost object
 * under one of the known keys: nothing in a text, or in an object in it, is taken for one.
 */
export function parseJson(text: string, at: number, end: number, header: Header): boolean {
  if (text.charCodeAt(end - 1) !== CLOSE) return false;
  header.kind = 'json';
  header.messageStart = at;
  let depth = 0;
  for (let index = at; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code === OPEN || code === OPEN_LIST) depth++;
    else if (code === CLOSE || code === CLOSE_LIST) depth--;
    else if (code === QUOTE) {
      const close = closing(text, index + 1, end);
      if (close < 0) return true;
      const value = valueStart(text, close + 1, end);
      if (depth === 1 && value > 0 && isTimeKey(text, index + 1, close)) {
        if (setTime(text, value, end, header)) return true;
      }
      index = value > 0 ? value - 1 : close;
    }
  }
  return true;
}

/** Where the quotation mark stands that ends a text. */
function closing(text: string, from: number, end: number): number {
  for (let index = from; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index;
    if (code === BACKSLASH) index++;
  }
  return -1;
}

/** Behind the colon that makes a text a key, and behind the spaces that follow; -1 without one. */
function valueStart(text: string, from: number, end: number): number {
  let index = from;
  while (index < end && text.charCodeAt(index) === SPACE) index++;
  if (text.charCodeAt(index) !== COLON) return -1;
  index++;
  while (index < end && text.charCodeAt(index) === SPACE) index++;
  return index;
}

function isTimeKey(text: string, start: number, end: number): boolean {
  return timeKeys.some((key) => key.length === end - start && key.standsAt(text, start));
}

function setTime(text: string, at: number, end: number, header: Header): boolean {
  const isText = text.charCodeAt(at) === QUOTE;
  const start = isText ? at + 1 : at;
  let index = start;
  if (isText) index = closing(text, start, end);
  else while (index < end && isTimeDigit(text.charCodeAt(index))) index++;
  if (index <= start || index - start > 60) return false;
  header.timeStart = start;
  header.timeEnd = index;
  return true;
}

function isTimeDigit(code: number): boolean {
  return isDigit(code) || code === 46;
}
