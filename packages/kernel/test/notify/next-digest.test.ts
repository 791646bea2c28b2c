import { describe, expect, it } from 'vitest';
import { nextDigestAt } from '../../src/notify/next-digest.ts';

const local = (text: string) => new Date(text).getTime();

describe(nextDigestAt.name, () => {
  it.each([
    ['day', '2026-03-04T06:59:59', '2026-03-04T07:00:00'],
    ['day', '2026-03-04T07:00:00', '2026-03-05T07:00:00'],
    ['day', '2026-12-31T12:00:00', '2027-01-01T07:00:00'],
    // A Wednesday, and a Monday.
    ['week', '2026-03-04T06:00:00', '2026-03-09T07:00:00'],
    ['week', '2026-03-09T06:00:00', '2026-03-09T07:00:00'],
    ['week', '2026-03-09T07:00:00', '2026-03-16T07:00:00'],
  ] as const)('each %s, after %s, is at %s', (every, after, next) => {
    expect(nextDigestAt({ every, atMinute: 420 }, local(after))).toBe(local(next));
  });
});
