import { FakeClock } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { FreshEnforcement } from '../../src/still-seen/fresh-enforcement.ts';

describe(FreshEnforcement.name, () => {
  it('knows what was entered within five seconds, list by list', async () => {
    const clock = new FakeClock();
    const fresh = new FreshEnforcement(clock);
    fresh.entered('one', ['192.0.2.1']);
    await clock.advanceAsync(3_000);
    fresh.entered('one', ['192.0.2.2']);
    const now = () => [
      fresh.has('one', '192.0.2.1'),
      fresh.has('one', '192.0.2.2'),
      fresh.has('two', '192.0.2.1'),
    ];

    expect(now()).toEqual([true, true, false]);
    await clock.advanceAsync(2_001);
    expect(now()).toEqual([false, true, false]);
    await clock.advanceAsync(3_000);
    expect(now()).toEqual([false, false, false]);
  });

  it('counts from the last time that a target was entered', async () => {
    const clock = new FakeClock();
    const fresh = new FreshEnforcement(clock);
    fresh.entered('one', ['192.0.2.1', '192.0.2.2']);
    await clock.advanceAsync(4_000);

    fresh.entered('one', ['192.0.2.1']);
    await clock.advanceAsync(4_000);

    expect(fresh.has('one', '192.0.2.1')).toBe(true);
    expect(fresh.has('one', '192.0.2.2')).toBe(false);
  });

  it('takes everything of a restored list for fresh', async () => {
    const clock = new FakeClock();
    const fresh = new FreshEnforcement(clock);
    fresh.restored('one');

    expect(fresh.has('one', '192.0.2.9')).toBe(true);
    expect(fresh.has('two', '192.0.2.9')).toBe(false);
    await clock.advanceAsync(5_001);
    expect(fresh.has('one', '192.0.2.9')).toBe(false);
  });
});
