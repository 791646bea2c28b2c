import { describe, expect, it } from 'vitest';
import { LogTimes } from '../../src/replay/log-times.ts';

const now = Date.UTC(2026, 10, 24, 12);

function read(
  lines: readonly string[],
  given: { modifiedAt?: string; year?: number; timeZone?: string } = {},
): (string | undefined)[] {
  const times = new LogTimes({
    timeZone: given.timeZone ?? 'UTC',
    modifiedAt: given.modifiedAt === undefined ? now : Date.parse(given.modifiedAt),
    year: given.year,
    now,
  });
  return lines.map((line, index) => {
    const bytes = Buffer.from(`${line}\n`, 'latin1');
    const time = times.read(bytes, 0, bytes.length - 1);
    if (time !== undefined && index === 0) times.begin(time);
    else if (time !== undefined) times.passed(time);
    return time === undefined ? undefined : new Date(time).toISOString().slice(0, 19);
  });
}

const bsd = (date: string) => `${date} 10:00:00 host app[1]: text`;

describe(LogTimes.name, () => {
  it.each([
    ['the year of the file', 'Nov 20', {}, '2026-11-20T10:00:00'],
    ['the year before, when this one has not come so far', 'Dec 20', {}, '2025-12-20T10:00:00'],
    ['nearly a year ago', 'Nov 27', {}, '2025-11-27T10:00:00'],
    [
      'a file that was written long ago',
      'Jan 10',
      { modifiedAt: '2024-02-01T00:00:00Z' },
      '2024-01-10T10:00:00',
    ],
    [
      'a file of the turn of a year',
      'Dec 31',
      { modifiedAt: '2024-02-01T00:00:00Z' },
      '2023-12-31T10:00:00',
    ],
    [
      'a file that is dated into the future',
      'Dec 20',
      { modifiedAt: '2030-01-01T00:00:00Z' },
      '2025-12-20T10:00:00',
    ],
    ['another zone is up to a day ahead', 'Nov 25', {}, '2026-11-25T10:00:00'],
    ['the year that was given', 'Feb 29', { year: 2020 }, '2020-02-29T10:00:00'],
    ['the year that was given, at its end', 'Dec 31', { year: 2020 }, '2020-12-31T10:00:00'],
    ['the year that was given, at its beginning', 'Jan  1', { year: 2020 }, '2020-01-01T10:00:00'],
  ])('takes %s', (_what, date, given, wanted) => {
    expect(read([bsd(date)], given)).toEqual([wanted]);
  });

  it.each(['UTC', 'Asia/Tokyo', 'America/Los_Angeles', 'Australia/Sydney', 'Europe/Berlin'])(
    'puts every hour of the ends of a year that was given into it, in %s',
    (timeZone) => {
      for (const year of [2019, 2020]) {
        const edges = ['Jan  1 00:00:00', 'Jan  1 23:59:59', 'Dec 31 00:00:00', 'Dec 31 23:59:59'];
        for (const edge of edges) {
          const [time = ''] = read([`${edge} host app: text`], { year, timeZone });
          const wall = new Date(`${time}Z`).toLocaleDateString('en', { timeZone, year: 'numeric' });
          expect(`${edge}: ${wall}`).toBe(`${edge}: ${year}`);
        }
      }
    },
  );

  it('goes on from year to year, over long silences and a little back', () => {
    const dates = ['Mar  1', 'Dec 31', 'Jan  1', 'Dec 31', 'Nov  1'];

    expect(read(dates.map(bsd), { year: 2020 })).toEqual([
      '2020-03-01T10:00:00',
      '2020-12-31T10:00:00',
      '2021-01-01T10:00:00',
      '2020-12-31T10:00:00',
      '2021-11-01T10:00:00',
    ]);
  });

  it('takes a time in the future for none, unless the log begins there', () => {
    const line = (year: number) => `${year}-05-01T10:00:00Z host app: text`;

    expect(read([line(2026), line(2036), line(2026)])).toEqual([
      '2026-05-01T10:00:00',
      undefined,
      '2026-05-01T10:00:00',
    ]);
    expect(read([line(2036), line(2037)])).toEqual(['2036-05-01T10:00:00', '2037-05-01T10:00:00']);
  });

  it('reads a time without a zone in the zone of the jail', () => {
    expect(read([bsd('Jul  1')], { timeZone: 'Europe/Berlin' })).toEqual(['2026-07-01T08:00:00']);
  });
});
