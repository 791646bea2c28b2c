import { describe, expect, it } from 'vitest';
import { Pacing } from '../../src/notify/pacing.ts';

const limits = { burst: 3, refillMs: 60_000 };
const minute = 60_000;

describe(Pacing.name, () => {
  it('lets a burst go, then one more at growing distances while there is something to tell', () => {
    const went = run(new Pacing(0, limits), 0, 70);

    expect(went).toEqual([0, 0, 0, 1, 3, 7, 15, 31, 63]);
  });

  it('is back to a burst when nothing came for a whole distance', () => {
    const pacing = new Pacing(0, limits);
    expect(run(pacing, 0, 3)).toEqual([0, 0, 0, 1, 3]);
    // The next would be due four minutes later.
    expect(run(pacing, 8, 9)).toEqual([8, 8, 8, 9]);
  });

  it('lets what is urgent go by the bucket alone, without lengthening the distances', () => {
    const pacing = new Pacing(0, limits);
    run(pacing, 0, 3);

    expect(pacing.waitMs(4 * minute, limits, true)).toBe(0);
    pacing.sent(4 * minute, limits, { urgent: true, messages: 1 });

    expect(pacing.waitMs(4 * minute, limits, false)).toBe(3 * minute);
  });

  it('keeps to a bucket that is filled more slowly than once an hour', () => {
    const slow = { burst: 1, refillMs: 3 * 60 * minute };
    const pacing = new Pacing(0, slow);
    pacing.sent(0, slow, { urgent: false, messages: 1 });

    expect(pacing.waitMs(0, slow, false)).toBe(3 * 60 * minute);
    const again = new Pacing(minute, slow, pacing.state(minute, slow));
    expect(again.waitMs(minute, slow, false)).toBe(179 * minute);
    expect(again.waitMs(180 * minute, slow, false)).toBe(0);
    again.sent(180 * minute, slow, { urgent: false, messages: 1 });
    expect(again.waitMs(181 * minute, slow, false)).toBeGreaterThan(170 * minute);
  });

  it('counts the messages that one with refused parts took', () => {
    const pacing = new Pacing(0, limits);

    pacing.sent(0, limits, { urgent: false, messages: 3 });

    expect(pacing.waitMs(0, limits, false)).toBe(minute);
  });

  it('goes on after a restart where it was', () => {
    const first = new Pacing(0, limits);
    run(first, 0, 3);

    const second = new Pacing(4 * minute, limits, first.state(3 * minute, limits));

    expect(second.waitMs(4 * minute, limits, false)).toBe(3 * minute);
    expect(run(new Pacing(0, limits, { tokens: 1, at: 0 }), 0, 0)).toEqual([0]);
  });

  it('does not wait for a time that a clock which was set back has put far away', () => {
    const first = new Pacing(1e12, limits);
    run(first, 1e12 / minute, 1e12 / minute + 3);

    const second = new Pacing(0, limits, first.state(1e12, limits));

    expect(second.waitMs(0, limits, false)).toBeLessThanOrEqual(minute);
  });
});

/** Sends whenever it may, from one minute to another: the minutes at which it did. */
function run(pacing: Pacing, from: number, to: number): number[] {
  const went: number[] = [];
  for (let now = from * minute; now <= to * minute; now += minute / 4) {
    while (pacing.waitMs(now, limits, false) === 0) {
      went.push(now / minute);
      pacing.sent(now, limits, { urgent: false, messages: 1 });
      // That was all there was.
      if (now === to * minute) return went;
    }
  }
  return went;
}
