import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Window } from '../../src/detect/window.ts';

describe(Window, () => {
  const limits = { findTimeMs: 600, maxRetry: 3, cap: 1000 };
  const offence = (at: number, address = 'a') => ({ address, at });

  it('decides at the third offence within the time, and not when it is exactly over', () => {
    const window = new Window(limits);
    window.add(offence(0));
    window.add(offence(300));

    expect(window.add(offence(600))).toBeUndefined();
    expect(window.add(offence(899))?.map(({ at }) => at)).toEqual([300, 600, 899]);
  });

  it('starts at nothing after a decision', () => {
    const window = new Window(limits);
    for (const at of [1, 2, 3]) window.add(offence(at));

    expect(window.add(offence(4))).toBeUndefined();
    expect(window.count('a', 4)).toBe(1);
  });

  it('decides at once when one is enough', () => {
    expect(new Window({ ...limits, maxRetry: 1 }).add(offence(1))).toHaveLength(1);
  });

  it('agrees with counting every offence again, whatever the times', () => {
    const times = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 60 });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 5 }), (unsorted, maxRetry) => {
        const window = new Window({ ...limits, maxRetry });
        let since: number[] = [];
        for (const at of unsorted.toSorted((a, b) => a - b)) {
          since = [...since, at].filter((one) => at - one < limits.findTimeMs);
          const due = since.length >= maxRetry;

          expect(window.add(offence(at)) !== undefined).toBe(due);

          if (due) since = [];
        }
      }),
    );
  });

  it('decides the same when two offences come out of order', () => {
    const window = new Window(limits);
    window.add(offence(500));
    window.add(offence(100));

    expect(window.add(offence(300))?.map(({ at }) => at)).toEqual([100, 300, 500]);
  });

  it('keeps no more addresses than its cap and counts what it forgets, the longest unseen first', () => {
    const window = new Window({ ...limits, cap: 2 });
    window.add(offence(1, 'a'));
    window.add(offence(2, 'b'));
    window.add(offence(3, 'a'));
    window.add(offence(4, 'c'));

    expect(window.size).toBe(2);
    expect(window.evicted).toBe(1);
    expect(window.count('b', 4)).toBe(0);
    expect(window.count('a', 4)).toBe(2);
  });

  it('sweeps addresses that no longer count', () => {
    const window = new Window(limits);
    window.add(offence(0, 'old'));
    window.add(offence(500, 'new'));

    window.sweep(600);

    expect(window.size).toBe(1);
  });

  it('counts again after the clock was set back', () => {
    const window = new Window(limits);
    window.add(offence(86_400_000));

    window.forgetAfter(1000);

    window.add(offence(1001));
    window.add(offence(1002));
    expect(window.add(offence(1003))).toHaveLength(3);
  });
});
