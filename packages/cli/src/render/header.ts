import type { HeaderFacts } from '@remand/daemon';
import type { Cell } from '../output/table.ts';
import { localTime } from '../output/when.ts';

const kinds: Readonly<Record<HeaderFacts['kind'], string>> = {
  bsd: 'syslog (RFC 3164): time, host, program',
  iso: 'syslog with an ISO 8601 time: time, host, program',
  rfc5424: 'syslog (RFC 5424)',
  clf: 'common log format; the filter gets the whole line',
  plain: 'a date, then text',
  dated: 'a date of a service of its own form, then text',
  epoch: 'seconds since 1970, then text',
  json: 'a JSON object; the filter gets the whole line',
  logfmt: 'fields (logfmt); the filter gets the whole line',
  timeless: 'host and program, without a time',
  none: 'none that is known',
};

/** The header of a line for people, as pairs. */
export function headerPairs(header: HeaderFacts): readonly (readonly [string, Cell])[] {
  const { kind, program, pid, message } = header;
  return [
    ['header', kind === 'none' ? { text: kinds.none, style: 'yellow' } : kinds[kind]],
    ['time', timeOf(header)],
    ['program', program === null ? 'none' : pid === null ? program : `${program}, process ${pid}`],
    ['message', message],
  ];
}

function timeOf({ timeText, time, assumedZone }: HeaderFacts): Cell {
  if (timeText === null) return 'none';
  if (time === null) return { text: `"${timeText}" is no time that can be read`, style: 'yellow' };
  const zone =
    assumedZone === null ? 'with its own zone' : `taken as ${assumedZone}, for it names no zone`;
  return `${time} (here ${localTime(time)}), from "${timeText}", ${zone}`;
}
