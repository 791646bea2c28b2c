import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../src/index.ts';

describe(parseDuration.name, () => {
  it.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h', 3_600_000],
    ['1d', 86_400_000],
    ['1w', 604_800_000],
    ['forever', null],
    [5, 5_000],
    ['36500d', 3_153_600_000_000],
  ])('reads %j', (value, ms) => {
    expect(parseDuration(value)).toBe(ms);
  });

  it.each([
    '',
    '10',
    '10 m',
    '1.5h',
    '-1s',
    '0s',
    '1y',
    '1H',
    'm',
    '10ms',
    '1h30m',
    '36501d',
    '99999999999s',
    ' 1s',
    '1s\n',
    '١s',
    0,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e15,
    true,
    null,
    undefined,
    [],
    {},
  ])('refuses %j', (value) => {
    expect(parseDuration(value)).toBeUndefined();
  });
});

describe(formatDuration.name, () => {
  it.each([
    [0, '0s'],
    [400, '0s'],
    [-5_000, '0s'],
    [90_000, '1m 30s'],
    [600_000, '10m'],
    [5_400_000, '1h 30m'],
    [694_861_000, '1w 1d'],
    [86_401_000, '1d 1s'],
    [null, 'forever'],
  ])('writes %j as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('writes what one unit can say so that it reads back the same', () => {
    const duration = fc.tuple(fc.integer({ min: 1, max: 23 }), fc.constantFrom('s', 'm', 'h'));

    fc.assert(
      fc.property(duration, ([count, unit]) => {
        expect(formatDuration(parseDuration(`${count}${unit}`) ?? null)).toBe(`${count}${unit}`);
      }),
    );
  });
});
