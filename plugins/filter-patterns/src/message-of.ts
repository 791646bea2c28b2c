/** A sample, as the filter would get it. */
export interface SampleMessage {
  /** One character per byte. */
  readonly message: string;
  readonly program?: string;
}

/**
 * A sample may be a whole line of syslog: what stands before `PROGRAM[PID]: ` or `PROGRAM: ` of one
 * of the programs is its header then.
 */
export function messageOf(line: string, programs: readonly string[]): SampleMessage {
  const bytes = Buffer.from(line, 'utf8').toString('latin1');
  for (const program of programs) {
    for (const [opener, closer] of [
      ['[', ']: '],
      [': ', ''],
    ] as const) {
      const start = startOf(bytes, `${program}${opener}`);
      if (start < 0) continue;
      const end = closer === '' ? start : bytes.indexOf(closer, start);
      if (end < 0 || !/^\d*$/.test(bytes.slice(start, end))) continue;
      return { message: bytes.slice(end + closer.length), program };
    }
  }
  return { message: bytes };
}

/** Behind a tag that begins the line or stands behind a space; -1 without one. */
function startOf(line: string, tag: string): number {
  const at = line.startsWith(tag) ? 0 : line.indexOf(` ${tag}`) + 1;
  return line.startsWith(tag, at) ? at + tag.length : -1;
}
