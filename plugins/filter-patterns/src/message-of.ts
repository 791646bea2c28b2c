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
/** The same without time and host. */
const tag = /^(?<program>[^\s:[\]]{1,128})(?:\[\d+\])?: /;

/**
 * A sample may be a whole line of syslog, whatever its program is, or begin with the tag of one of
 * the programs. Everything else is the message.
 */
export function messageOf(line: string, programs: readonly string[]): SampleMessage {
  const bytes = Buffer.from(line, 'utf8').toString('latin1');
  const header = syslogHeader.exec(bytes);
  const found = header ?? tag.exec(bytes);
  const program = found?.groups?.program;
  if (found === null || program === undefined) return { message: bytes };
  const isKnown = programs.some((one) => isOf(program, one));
  if (!isKnown && header === null) return { message: bytes };
  const message = bytes.slice(found[0].length);
  return isKnown || programs.length === 0
    ? { message, program }
    : { message, program, stranger: program };
}

/** A name that ends with a star stands for all that begin so. */
function isOf(program: string, name: string): boolean {
  return name.endsWith('*') ? program.startsWith(name.slice(0, -1)) : program === name;
}
