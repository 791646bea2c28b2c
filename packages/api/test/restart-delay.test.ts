import { describe, expect, it } from 'vitest';
import { RestartDelay } from '../src/index.ts';

describe(RestartDelay.name, () => {
  it('doubles up to a minute, and begins again after steady work', () => {
    const delay = new RestartDelay(() => 0);

    const waited = Array.from({ length: 8 }, () => delay.next(500));

    expect(waited).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(delay.next(60_000)).toBe(1_000);
    expect(delay.next(0)).toBe(2_000);
  });

  it('is up to a fifth shorter by chance', () => {
    expect(new RestartDelay(() => 0.999).next(0)).toBe(800);
  });
});
