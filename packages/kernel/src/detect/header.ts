/**
 * Where the parts of a line's header stand. One instance is used for all lines of a batch, so
 * that an uninteresting line costs no object. Positions are offsets into the batch's text;
 * -1 means that the part is missing.
 */
export class Header {
  kind: HeaderKind = 'none';
  timeStart = -1;
  timeEnd = -1;
  programStart = -1;
  programEnd = -1;
  /** A hash of the program's name: see `programHash`. */
  programHash = 0;
  /** Behind the `[` of `prog[123]`. */
  pidStart = -1;
  messageStart = 0;
}

/**
 * `bsd`: `Oct 11 22:14:15 host prog[1]: ` (RFC 3164). `iso`: `2003-10-11T22:14:15.003+02:00 host
 * prog[1]: ` (RSYSLOG_FileFormat). `rfc5424`: `<34>1 2003-10-11T22:14:15Z host app pid id [sd] `.
 * `clf`: a common log line, offered whole. `plain`: a date, then text. `epoch`: seconds, then text.
 * `timeless`: `host prog[1]: ` without a time. `none`: nothing was recognised.
 */
export type HeaderKind =
  | 'bsd'
  | 'iso'
  | 'rfc5424'
  | 'clf'
  | 'plain'
  | 'epoch'
  | 'timeless'
  | 'none';

const SPACE = 32;
const OPEN = 91;
const CLOSE = 93;
const COLON = 58;
const DASH = 45;
const DOT = 46;
const SLASH = 47;
const LESS = 60;
const GREATER = 62;
const LETTER_T = 84;

/** Finds the header of the line that stands at [start, end) of `text`. Never throws. */
export function parseHeader(text: string, start: number, end: number, header: Header): void {
  resetHeader(header, start);
  let at = start;
  let priority = false;
  if (text.charCodeAt(at) === LESS) {
    const after = behindPriority(text, at, end);
    priority = after > at;
    at = after;
  }
  const first = text.charCodeAt(at);
  if (isUpper(first) && parseBsd(text, at, end, header)) return;
  if (isDigit(first)) {
    if (priority && first === 49 && text.charCodeAt(at + 1) === SPACE) {
      if (parseRfc5424(text, at + 2, end, header)) return;
    }
    if (parseIso(text, at, end, header)) return;
    if (parseEpoch(text, at, end, header)) return;
  }
  if (first === OPEN && parseBracketed(text, at, end, header)) return;
  // The tag first: behind it stands text that an attacker may shape like an access log.
  if (parseTag(text, at, end, header)) {
    header.kind = 'timeless';
    return;
  }
  resetHeader(header, at);
  parseClf(text, at, end, header);
}

/** The hash by which programs are looked up; computed while a header is read. */
export function programHash(name: string): number {
  let hash = 0;
  for (let index = 0; index < name.length; index++) {
    hash = (Math.imul(hash, 31) + name.charCodeAt(index)) | 0;
  }
  return hash;
}

/** Makes it the header of a line that has none. */
export function resetHeader(header: Header, start: number): void {
  header.kind = 'none';
  header.timeStart = -1;
  header.timeEnd = -1;
  header.programStart = -1;
  header.programEnd = -1;
  header.programHash = 0;
  header.pidStart = -1;
  header.messageStart = start;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isUpper(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** Like `indexOf`, but never looks past the line: a batch holds many. -1 when there is none. */
function indexWithin(text: string, code: number, from: number, end: number): number {
  for (let index = from; index < end; index++) if (text.charCodeAt(index) === code) return index;
  return -1;
}

/** `<0>` to `<191>`; returns the offset behind it, or `at` when it is none. */
function behindPriority(text: string, at: number, end: number): number {
  let index = at + 1;
  while (index < end && index < at + 4 && isDigit(text.charCodeAt(index))) index++;
  return index > at + 1 && text.charCodeAt(index) === GREATER ? index + 1 : at;
}

/** RFC 3164 §4.1.2, with the day as `11`, ` 1` or (as some daemons write it) `1`. */
function parseBsd(text: string, at: number, end: number, header: Header): boolean {
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
  return true;
}

/** `hh:mm:ss` */
function isClock(text: string, at: number): boolean {
  return (
    text.charCodeAt(at + 2) === COLON &&
    text.charCodeAt(at + 5) === COLON &&
    isDigit(text.charCodeAt(at)) &&
    isDigit(text.charCodeAt(at + 1)) &&
    isDigit(text.charCodeAt(at + 3)) &&
    isDigit(text.charCodeAt(at + 4)) &&
    isDigit(text.charCodeAt(at + 6)) &&
    isDigit(text.charCodeAt(at + 7))
  );
}

/** RFC 3339 / ISO 8601; with a `T` it is syslog's high-precision form, with a space plain text. */
function parseIso(text: string, at: number, end: number, header: Header): boolean {
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

/** RFC 5424 §6: `VERSION SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP SD [SP MSG]`. */
function parseRfc5424(text: string, at: number, end: number, header: Header): boolean {
  const timeEnd = indexWithin(text, SPACE, at, end);
  if (timeEnd < 0) return false;
  const hostEnd = indexWithin(text, SPACE, timeEnd + 1, end);
  if (hostEnd < 0) return false;
  const appEnd = indexWithin(text, SPACE, hostEnd + 1, end);
  if (appEnd < 0) return false;
  const pidEnd = indexWithin(text, SPACE, appEnd + 1, end);
  if (pidEnd < 0) return false;
  const idEnd = indexWithin(text, SPACE, pidEnd + 1, end);
  if (idEnd < 0) return false;
  const dataEnd = behindStructuredData(text, idEnd + 1, end);
  if (dataEnd < 0) return false;
  header.kind = 'rfc5424';
  if (timeEnd - at >= 19) {
    header.timeStart = at;
    header.timeEnd = timeEnd;
  }
  setProgram(text, hostEnd + 1, appEnd, header);
  header.pidStart = appEnd + 1;
  let message = dataEnd;
  if (message < end && text.charCodeAt(message) === SPACE) message++;
  // §6.4: MSG may begin with a byte order mark.
  if (text.startsWith('\u00ef\u00bb\u00bf', message)) message += 3;
  header.messageStart = Math.min(message, end);
  return true;
}

function behindStructuredData(text: string, at: number, end: number): number {
  if (text.charCodeAt(at) === DASH) return at + 1;
  let index = at;
  let quoted = false;
  while (index < end) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === 92) index++;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === CLOSE && text.charCodeAt(index + 1) !== OPEN) return index + 1;
    index++;
  }
  return -1;
}

/** Ten digits of seconds, optionally a fraction, then a space. */
function parseEpoch(text: string, at: number, end: number, header: Header): boolean {
  let index = at;
  while (index < end && index < at + 11 && isDigit(text.charCodeAt(index))) index++;
  if (index - at !== 10) return false;
  if (text.charCodeAt(index) === DOT) {
    index++;
    while (index < end && isDigit(text.charCodeAt(index))) index++;
  }
  if (index < end && text.charCodeAt(index) !== SPACE) return false;
  header.kind = 'epoch';
  header.timeStart = at;
  header.timeEnd = index;
  header.messageStart = Math.min(index + 1, end);
  return true;
}

/** `[1700000000.123] text` and `[2015-04-16 18:02:50] text`. */
function parseBracketed(text: string, at: number, end: number, header: Header): boolean {
  if (!isDigit(text.charCodeAt(at + 1))) return false;
  const close = indexWithin(text, CLOSE, at, Math.min(end, at + 41));
  if (close < 0) return false;
  if (!parseEpoch(text, at + 1, close, header) && !parseIso(text, at + 1, close, header)) {
    return false;
  }
  if (header.kind !== 'epoch') header.kind = 'plain';
  header.timeEnd = close;
  header.programStart = -1;
  header.messageStart = text.charCodeAt(close + 1) === SPACE ? close + 2 : close + 1;
  return true;
}

/** `host ident user [10/Oct/2000:13:55:36 -0700] "…`: the first bracket, in the fourth field. */
function parseClf(text: string, at: number, end: number, header: Header): boolean {
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

/**
 * The host and the tag behind a time: `host prog[pid]: `, `prog[pid]: `, `host prog: `,
 * `[prog]: ` and `[prog] `. A line without a tag has no program and its message is all of it.
 */
function parseTag(text: string, at: number, end: number, header: Header): boolean {
  if (text.charCodeAt(at) === OPEN) return parseBracketedTag(text, at, end, header);
  if (tagAt(text, at, end, header)) return true;
  let index = at;
  while (index < end && text.charCodeAt(index) !== SPACE) index++;
  if (index >= end || index === at) return false;
  if (text.charCodeAt(index + 1) === OPEN) return parseBracketedTag(text, index + 1, end, header);
  return tagAt(text, index + 1, end, header);
}

/** `prog[pid]: ` or `prog: ` exactly at `at`. */
function tagAt(text: string, at: number, end: number, header: Header): boolean {
  let index = at;
  let hash = 0;
  const most = Math.min(end, at + 128);
  let code = 0;
  while (index < most) {
    code = text.charCodeAt(index);
    if (code === SPACE || code === COLON || code === OPEN) break;
    hash = (Math.imul(hash, 31) + code) | 0;
    index++;
  }
  if (index === at || index >= most || code === SPACE) return false;
  const programEnd = index;
  let pidStart = -1;
  if (code === OPEN) {
    pidStart = index + 1;
    index++;
    while (index < most && text.charCodeAt(index) !== CLOSE) {
      if (text.charCodeAt(index) === SPACE) return false;
      index++;
    }
    if (index >= most) return false;
    index++;
    if (text.charCodeAt(index) !== COLON) return false;
  }
  index++;
  if (index < end && text.charCodeAt(index) !== SPACE) return false;
  header.programStart = at;
  header.programEnd = programEnd;
  header.programHash = hash;
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

function setProgram(text: string, start: number, end: number, header: Header): void {
  let hash = 0;
  for (let index = start; index < end; index++) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  }
  header.programStart = start;
  header.programEnd = end;
  header.programHash = hash;
}

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** 0 for January; -1 when no month's name stands at `at`. */
export function monthAt(text: string, at: number): number {
  // The second and third letters decide; the table is checked so that nothing else passes.
  for (let month = 0; month < 12; month++) {
    if (
      months.charCodeAt(month * 3 + 1) === text.charCodeAt(at + 1) &&
      months.charCodeAt(month * 3 + 2) === text.charCodeAt(at + 2) &&
      months.charCodeAt(month * 3) === text.charCodeAt(at)
    ) {
      return month;
    }
  }
  return -1;
}
