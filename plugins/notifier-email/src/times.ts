import { formatDuration } from '@remand/api';

/** The last moment that a Date can hold; a clock that is badly wrong may pass it. */
const lastMs = 8.64e15;

/** `2026-01-01 10:00:00 UTC` */
export function utc(ms: number): string {
  if (!Number.isFinite(ms) || Math.abs(ms) > lastMs) return 'at no known time';
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `2026-01-01 10:00:00 UTC (for 10m)`, `for ever` */
export function end(until: number | null, since?: number): string {
  if (until === null || until > lastMs) return 'for ever';
  if (since === undefined || until <= since) return utc(until);
  return `${utc(until)} (for ${formatDuration(until - since)})`;
}

/** `2026-01-01 10:00`, in a table of which it is known that it is UTC. */
export function utcMinute(ms: number | null): string {
  return ms === null || ms > lastMs ? 'for ever' : utc(ms).slice(0, 16);
}
