import { isOfProgram } from '@remand/patterns';

/** A sample, as the filter would get it. */
export interface SampleMessage {
  /** One character per byte. */
  readonly message: string;
  readonly program?: string;
  /** The program that a header names, when it is none of the filter's: the line is not offered. */
  readonly stranger?: string;
}

/** `Nov 24 10:00:00 host prog[1]: ` and `2026-11-24T10:00:00Z host prog: `. */
const syslogHeader =
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.,+Z-]+) \S+ (?<program>[^\s:[\]]{1,128})(?:\[\d+\])?: /;
/** A tag that begins the line or stands behind a space. */
const tag = /(?:^| )(?<program>[^\s:[\]]{1,128})(?:\[\d*\])?: /g;

/**
 * A sample may be a whole line of syslog, whatever its program is. In a line of another form all
 * before the tag of one of the programs is its header, and without one it is the message alone.
 */
export function messageOf(line: string, programs: readonly string[]): SampleMessage {
  const bytes = Buffer.from(line, 'utf8').toString('latin1');
  const isKnown = (program: string): boolean => programs.some((one) => isOfProgram(one, program));
  const header = syslogHeader.exec(bytes);
  const found = header ?? [...bytes.matchAll(tag)].find(({ groups }) => isKnown(programIn(groups)));
  if (found === undefined) return { message: bytes };
  const program = programIn(found.groups);
  const message = bytes.slice(found.index + found[0].length);
  const isStranger = programs.length > 0 && !isKnown(program);
  return { message, program, ...(isStranger && { stranger: program }) };
}

function programIn(groups: Readonly<Record<string, string>> | undefined): string {
  return groups?.program ?? '';
}
