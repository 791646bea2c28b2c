import { describe, expect, it } from 'vitest';
import { backOffMs } from '../../src/notify/back-off.ts';

describe(backOffMs.name, () => {
  it('doubles from a second to five minutes, less up to a quarter', () => {
    const full = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((seconds) => seconds * 1_000);

    for (const [index, most] of full.entries()) {
      const delay = backOffMs('email', index + 1);
      expect(delay).toBeLessThanOrEqual(most);
      expect(delay).toBeGreaterThanOrEqual(most * 0.75);
    }
    expect(backOffMs('email', 5_000)).toBeLessThanOrEqual(300_000);
  });

  it('waits as long in a replay and differently for each notifier', () => {
    const delays = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => backOffMs(name, 9));

    expect(delays).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => backOffMs(name, 9)));
    expect(new Set(delays).size).toBe(delays.length);
  });
});
