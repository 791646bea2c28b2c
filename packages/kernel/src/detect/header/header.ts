import { Literal } from './literal.ts';

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
  /** Where the name of the host begins, if it is not what stands behind the time. */
  hostStart = -1;
  /** Behind the name of the host, where a tag may stand; -1 for a line without one. */
  hostEnd = -1;
  /** How the bsd line before began; see `parseBsd`. */
  readonly before = new Beginning();
}

/** A beginning that is longer than this is not remembered: a host's name has 255 characters at most. */
const longest = 320;

/** Time and host as the last line of its form had them, with offsets from its start. */
export class Beginning {
  readonly text = new Literal(longest);
  timeEnd = 0;
  messageStart = 0;
}

/**
 * `bsd`: `Oct 11 22:14:15 host prog[1]: ` (RFC 3164). `iso`: `2003-10-11T22:14:15.003+02:00 host
 * prog[1]: ` (RSYSLOG_FileFormat). `rfc5424`: `<34>1 2003-10-11T22:14:15Z host app pid id [sd] `.
 * `dated`: a date of another form, with a year, then text.
 * `clf`: a common log line, offered whole. `plain`: a date, then text. `epoch`: seconds, then text.
 * `json`, `logfmt`: a structure with the time in it, offered whole. `timeless`: `host prog[1]: ` without a time. `none`: nothing was recognised.
 */
export type HeaderKind =
  | 'bsd'
  | 'iso'
  | 'rfc5424'
  | 'clf'
  | 'plain'
  | 'epoch'
  | 'dated'
  | 'json'
  | 'logfmt'
  | 'timeless'
  | 'none';

/** Makes it the header of a line that has none. */
export function resetHeader(header: Header, start: number): void {
  header.kind = 'none';
  header.timeStart = -1;
  header.timeEnd = -1;
  header.programStart = -1;
  header.programEnd = -1;
  header.programHash = 0;
  header.pidStart = -1;
  header.hostStart = -1;
  header.hostEnd = -1;
  header.messageStart = start;
}

/** The name of the host that a line names, empty without one. `lineStart`: where the line begins. */
export function hostOf(text: string, header: Header, lineStart: number): string {
  const { hostStart, hostEnd, timeEnd } = header;
  if (hostEnd < 0) return '';
  return text.slice(hostStart < 0 ? Math.max(timeEnd, lineStart) : hostStart, hostEnd).trim();
}
