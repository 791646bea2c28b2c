import { describe, expect, it } from 'vitest';
import { Tally } from '../../src/replay/tally.ts';

describe(Tally.name, () => {
  it('counts, and shows the highest first', () => {
    const tally = new Tally(10);
    for (const key of ['b', 'a', 'c', 'a', 'b', 'a']) tally.add(key);

    expect(tally.top(2)).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
    expect(tally.isExact).toBe(true);
  });

  it('keeps no more than its cap, and those that come often', () => {
    const tally = new Tally(100);
    for (let n = 0; n < 10_000; n++) {
      tally.add(`once-${n}`);
      tally.add(`often-${n % 5}`);
    }

    expect([...tally.entries()].length).toBeLessThanOrEqual(100);
    expect(tally.top(5).map(([, count]) => count)).toEqual([2000, 2000, 2000, 2000, 2000]);
    expect(tally.isExact).toBe(false);
  });
});
