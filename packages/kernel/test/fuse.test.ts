import { describe, expect, it } from 'vitest';
import { Fuse } from '../src/fuse.ts';

describe(Fuse, () => {
  it('trips once past the limit and closes when the rate has fallen', () => {
    const fuse = new Fuse({ bans: 100, withinMs: 60_000 });

    expect(fuse.count(100, 0)).toBe(false);
    expect(fuse.count(1, 1000)).toBe(true);
    expect(fuse.count(1, 2000)).toBe(false);
    expect(fuse.settle(30_000)).toBe(false);
    expect(fuse.settle(63_000)).toBe(true);
    expect(fuse.tripped).toBe(false);
  });

  it('is closed by a reset', () => {
    const fuse = new Fuse({ bans: 1, withinMs: 60_000 });
    fuse.count(5, 0);

    fuse.reset();

    expect(fuse.report(0)).toMatchObject({ tripped: false, recent: 0 });
  });
});
