import type { NotifyDigest } from '@remand/api';

/** When the first regular digest after a time is due, in local time. Times in ms since the epoch. */
export function nextDigestAt({ every, atMinute }: NotifyDigest, after: number): number {
  const at = new Date(after);
  at.setHours(0, atMinute, 0, 0);
  // Days differ in length where clocks are changed: the calendar counts, not hours.
  while (at.getTime() <= after || (every === 'week' && at.getDay() !== monday)) {
    at.setDate(at.getDate() + 1);
  }
  return at.getTime();
}

const monday = 1;
