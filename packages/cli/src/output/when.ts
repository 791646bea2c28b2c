import { formatDuration } from '@remand/api';

/** `2026-11-24 21:20:05`, in the time zone of this machine. */
export function localTime(at: number | string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(at);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `2026-11-24 21:29:05 (in 9m)`, `… (3m ago)`; `for ever` for null. */
export function when(at: string | null, now: number): string {
  if (at === null) return 'for ever';
  const away = Date.parse(at) - now;
  const distance = formatDuration(Math.abs(away));
  if (distance === '0s') return `${localTime(at)} (now)`;
  return `${localTime(at)} (${away > 0 ? `in ${distance}` : `${distance} ago`})`;
}

/** `until 2026-11-24 21:29:05 (in 9m)`, or `for ever`. */
export function untilWhen(until: string | null, now: number): string {
  return until === null ? 'for ever' : `until ${when(until, now)}`;
}
