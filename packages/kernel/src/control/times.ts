/** A time as answers write it: ISO 8601 in UTC; null is for ever. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function isoUntil(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
