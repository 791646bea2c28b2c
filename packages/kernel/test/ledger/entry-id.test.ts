import { FakeClock } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { newEntryId, timeOfEntryId } from '../../src/ledger/entry-id.ts';

describe(newEntryId.name, () => {
  it('makes UUIDs of version 7 that carry the time', () => {
    const clock = new FakeClock(1_645_557_742_000);

    const id = newEntryId(clock);

    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    // The time of the example in RFC 9562, appendix A.6.
    expect(id.slice(0, 13)).toBe('017f22e2-79b0');
    expect(timeOfEntryId(id)).toBe(1_645_557_742_000);
  });

  it('rises strictly within one millisecond, past the 4096 of its counter', () => {
    const clock = new FakeClock(5_000);

    const ids = Array.from({ length: 20_000 }, () => newEntryId(clock));

    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
    expect(timeOfEntryId(ids.at(-1) ?? '')).toBeLessThan(5_020);
  });

  it('goes on rising after the clock was set back', () => {
    const clock = new FakeClock(1_000_000);
    const before = newEntryId(clock);

    clock.setWall(1_000);

    expect(newEntryId(clock) > before).toBe(true);
  });

  it('keeps the time of each clock apart', () => {
    newEntryId(new FakeClock(9_000_000));

    expect(timeOfEntryId(newEntryId(new FakeClock(1_000)))).toBe(1_000);
  });

  it('shares no random part between ids', () => {
    const clock = new FakeClock();

    const tails = Array.from({ length: 2_000 }, () => newEntryId(clock).slice(19));

    expect(new Set(tails).size).toBe(2_000);
  });
});
