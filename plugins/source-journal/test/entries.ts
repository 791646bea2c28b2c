/** What journalctl would print for an entry. */
export interface Printed {
  readonly number: number;
  /** µs since the epoch. Default: one second per number. */
  readonly at?: number;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly sequence?: string;
}

export const start = 1_800_000_000_000_000;

export function cursorOf({ number, at = start + number * 1e6, sequence = 'a' }: Printed): string {
  const id = sequence.repeat(32);
  return `s=${id};i=${number.toString(16)};b=${id};m=1;t=${at.toString(16)};x=1`;
}

export function printed(entry: Printed): string {
  const { number, at = start + number * 1e6, fields = {} } = entry;
  return JSON.stringify({
    __CURSOR: cursorOf(entry),
    __REALTIME_TIMESTAMP: String(at),
    _HOSTNAME: 'host',
    SYSLOG_IDENTIFIER: 'sshd',
    _PID: '7',
    MESSAGE: `message ${number}`,
    ...fields,
  });
}

/** The line that is made of it. */
export function lineFor(number: number): string {
  const time = new Date((start + number * 1e6) / 1000).toISOString().slice(0, 20);
  return `${time}000000Z host sshd[7]: message ${number}`;
}
