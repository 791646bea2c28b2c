import { describe, expect, it } from 'vitest';
import { decodePlace, encodePlace, type Place, Resume, stampOf } from '../src/place.ts';

describe(stampOf.name, () => {
  it.each([
    ['2027-01-15T08:00:00.123456789Z message', 1_800_000_000_123_456_789n],
    ['2027-01-15T09:00:00.5+01:00 ', 1_800_000_000_500_000_000n],
    ['2027-01-15T08:00:00Z x', 1_800_000_000_000_000_000n],
  ])('reads %s', (line, ns) => {
    expect(stampOf(line)?.ns).toBe(ns);
  });

  it.each(['', '2027-01-15 08:00:00Z x', '2027-01-15T08:00:00Z', '2027-13-15T08:00:00Z x'])(
    'finds no time in "%s"',
    (line) => {
      expect(stampOf(line)).toBeUndefined();
    },
  );
});

describe(Resume.name, () => {
  /** Which of these are new behind a place, and the place behind all. */
  function read(from: Place | undefined, ...seconds: readonly string[]) {
    const resume = new Resume(from);
    let place = from;
    const fresh = seconds.filter((second) => {
      const stamp = stampOf(`2027-01-15T08:00:${second}Z `);
      const next = stamp && resume.take(stamp);
      place = next ?? place;
      return next !== undefined;
    });
    return { fresh, place };
  }

  it('takes every line once, however often it is begun again', () => {
    const all = ['01', '02', '02', '02', '03'];
    for (let stop = 0; stop <= all.length; stop++) {
      const first = read(undefined, ...all.slice(0, stop));
      const second = read(first.place, ...all);

      expect([...first.fresh, ...second.fresh]).toEqual(all);
    }
  });

  it('counts what it had of the same time before, over several restarts', () => {
    const all = ['02', '02', '02', '02'];
    const first = read(undefined, ...all.slice(0, 1));
    const second = read(first.place, ...all.slice(0, 3));
    const third = read(second.place, ...all);

    expect([first, second, third].map(({ fresh }) => fresh.length)).toEqual([1, 2, 1]);
  });

  it('stays with the latest line where two pipes are a little out of order', () => {
    const { fresh, place } = read(undefined, '01', '03.000000001', '02');

    expect(fresh).toHaveLength(3);
    expect(place).toEqual({ time: '2027-01-15T08:00:03.000000001Z', lines: 1 });
  });
});

describe(decodePlace.name, () => {
  it('reads what was written, and nothing else', () => {
    const place = { time: '2027-01-15T08:00:03.000000001Z', lines: 2 };

    expect(decodePlace(encodePlace(place))).toEqual(place);
    expect(decodePlace('none')).toBeUndefined();
    expect(decodePlace('{"version":1,"time":"--since","lines":0}')).toBeUndefined();
  });
});
