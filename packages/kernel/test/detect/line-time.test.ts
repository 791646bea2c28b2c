import { describe, expect, it } from 'vitest';
import { Header } from '../../src/detect/header/header.ts';
import { parseHeader } from '../../src/detect/header/parse-header.ts';
import { LineTimes } from '../../src/detect/line-time.ts';

const now = Date.UTC(2026, 0, 2, 12);

function timeOf(line: string, timeZone = 'UTC', at = now): string | undefined {
  const header = new Header();
  parseHeader(line, 0, line.length, header);
  const ms = new LineTimes(timeZone).read(line, header, at);
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

describe(LineTimes, () => {
  it.each([
    ['Jan  2 11:00:00 h p: m', 'UTC', '2026-01-02T11:00:00.000Z'],
    ['Dec 31 23:59:59 h p: m', 'UTC', '2025-12-31T23:59:59.000Z'],
    ['Jan  2 11:00:00 h p: m', 'Europe/Berlin', '2026-01-02T10:00:00.000Z'],
    ['Aug  2 11:00:00 h p: m', 'Europe/Berlin', '2025-08-02T09:00:00.000Z'],
    ['2026-01-02T11:00:00.25+02:00 h p: m', 'UTC', '2026-01-02T09:00:00.250Z'],
    ['2026-01-02T11:00:00Z h p: m', 'Europe/Berlin', '2026-01-02T11:00:00.000Z'],
    ['2026-01-02 11:00:00,5 x', 'Europe/Berlin', '2026-01-02T10:00:00.500Z'],
    ['192.0.2.1 - - [02/Jan/2026:11:00:00 -0130] "GET /"', 'UTC', '2026-01-02T12:30:00.000Z'],
    ['1767351600.5 x', 'UTC', '2026-01-02T11:00:00.500Z'],
    ['2026/01/02 11:00:00 [error] x', 'Europe/Berlin', '2026-01-02T10:00:00.000Z'],
    ['2026-01-02  1:00:00 7 [Note] x', 'UTC', '2026-01-02T01:00:00.000Z'],
    ['260102  1:00:00 [Note] x', 'UTC', '2026-01-02T01:00:00.000Z'],
    ['02-Jan-2026 11:00:00.372 client x', 'UTC', '2026-01-02T11:00:00.372Z'],
    ['Fri Jan  2 11:00:00 2026 [pid 2] x', 'UTC', '2026-01-02T11:00:00.000Z'],
    ['[Fri Jan 02 11:00:00.5 2026] [error] x', 'UTC', '2026-01-02T11:00:00.500Z'],
    ['[02-Jan-2026 11:00:00 +0200]: x', 'UTC', '2026-01-02T09:00:00.000Z'],
    ['[Jan  2 11:00:00] NOTICE[7] x', 'UTC', '2026-01-02T11:00:00.000Z'],
    ['@400000006957a53a1dcd6500 imap-login: x', 'UTC', '2026-01-02T11:00:00.500Z'],
    ['{"level":"info","ts":1767351600.25,"msg":"x"}', 'UTC', '2026-01-02T11:00:00.250Z'],
    ['{"ts":1767351600250}', 'UTC', '2026-01-02T11:00:00.250Z'],
    [
      '{"msg":"\\"ts\\":1","x":{"ts":2},"time": "2026-01-02T11:00:00+02:00"}',
      'UTC',
      '2026-01-02T09:00:00.000Z',
    ],
    ['{"time":"2026-01-02 11:00:00","a":1}', 'Europe/Berlin', '2026-01-02T10:00:00.000Z'],
    ['{"time_local":"02/Jan/2026:11:00:00 +0100"}', 'UTC', '2026-01-02T10:00:00.000Z'],
    ['{"a":["ts",1],"b":"time"}', 'UTC', undefined],
    ['{"time":"yesterday"}', 'UTC', undefined],
    ['time="2026-01-02T11:00:00Z" level=info msg="x"', 'UTC', '2026-01-02T11:00:00.000Z'],
    ['ts=1767351600.5 level=info', 'UTC', '2026-01-02T11:00:00.500Z'],
    ['2026/13/02 11:00:00 [error] x', 'UTC', undefined],
    ['02-Jan-2026 31:00:00.372 client x', 'UTC', undefined],
    ['@500000006957a43a1dcd6500 imap-login: x', 'UTC', undefined],
    ['Jan 99 11:00:00 h p: m', 'UTC', undefined],
    ['host p[1]: m', 'UTC', undefined],
    ['192.0.2.1 - - [02/Xxx/2026:11:00:00 -0130] "GET /"', 'UTC', undefined],
  ])('reads %s in %s', (line, zone, expected) => {
    expect(timeOf(line, zone)).toBe(expected);
  });

  it('takes the year that puts a date nearest to now, in both directions', () => {
    expect(timeOf('Dec 31 23:00:00 h p: m', 'UTC', Date.UTC(2026, 0, 1))).toMatch(/^2025/);
    expect(timeOf('Jan  1 01:00:00 h p: m', 'UTC', Date.UTC(2025, 11, 31))).toMatch(/^2026/);
  });

  it('reads the repeated hour of autumn once and the missing hour of spring somewhere', () => {
    const autumn = Date.UTC(2026, 9, 25, 12);

    expect(timeOf('Oct 25 02:30:00 h p: m', 'Europe/Berlin', autumn)).toBe(
      '2026-10-25T00:30:00.000Z',
    );
    expect(timeOf('Mar 29 02:30:00 h p: m', 'Europe/Berlin', Date.UTC(2026, 2, 29))).toBeDefined();
  });

  it('gives equal answers from its memory of the last minute', () => {
    const times = new LineTimes('UTC');
    const read = (line: string) => {
      const header = new Header();
      parseHeader(line, 0, line.length, header);
      return times.read(line, header, now);
    };

    const first = read('Jan  2 11:00:00 h p: m') ?? 0;

    expect(read('Jan  2 11:00:59 h p: m')).toBe(first + 59_000);
    expect(read('Jan  2 11:01:00 h p: m')).toBe(first + 60_000);
  });
});
