const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** The longest duration that a configuration may name: a hundred years, in ms. */
const longestMs = 36_500 * 86_400_000;

/** What `parseDuration` accepts, for messages. */
export const durationForm =
  "a duration such as '90s', '10m', '1h', '1d', '1w', 'forever', or whole seconds";

/**
 * Reads a duration as rc files and commands write it: a string with a unit, `forever`, or a whole
 * number of seconds.
 * @returns milliseconds, null for `forever`, undefined when it is no duration
 */
export function parseDuration(value: unknown): number | null | undefined {
  if (typeof value === 'number') {
    const ms = value * 1000;
    return Number.isInteger(value) && value > 0 && ms <= longestMs ? ms : undefined;
  }
  if (typeof value !== 'string') return undefined;
  if (value === 'forever') return null;
  const parts = /^([0-9]{1,10})([smhdw])$/.exec(value);
  if (!parts) return undefined;
  const ms = Number(parts[1]) * (unitMs[parts[2] ?? ''] ?? Number.NaN);
  return ms > 0 && ms <= longestMs ? ms : undefined;
}

/** Writes a duration with at most two units: `10m`, `1h 30m`, `forever`. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return 'forever';
  let rest = Math.max(0, Math.round(ms / 1000)) * 1000;
  if (rest === 0) return '0s';
  const parts: string[] = [];
  for (const unit of ['w', 'd', 'h', 'm', 's']) {
    const size = unitMs[unit] ?? Number.NaN;
    const count = Math.floor(rest / size);
    if (count === 0) continue;
    parts.push(`${count}${unit}`);
    rest -= count * size;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}
