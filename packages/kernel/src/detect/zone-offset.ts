/**
 * How far a zone's wall clock is ahead of UTC when that clock shows `wall` (given as if it were
 * UTC), in ms. In the hour that a zone repeats, the earlier reading is taken; in the one that it
 * skips, the time before the change. Unknown zones were refused when the options were read.
 */
export function zoneOffset(wall: number, timeZone: string | undefined): number {
  const before = offsetAt(wall - day, timeZone);
  const after = offsetAt(wall + day, timeZone);
  if (before === after) return before;
  // A change is near: of the offsets that truly hold at their own reading, the earlier reading.
  const fitting = [before, after].filter((one) => offsetAt(wall - one, timeZone) === one);
  return fitting.length > 0 ? Math.max(...fitting) : before;
}

const day = 86_400_000;

function offsetAt(instant: number, timeZone: string | undefined): number {
  if (timeZone === undefined) return -new Date(instant).getTimezoneOffset() * 60_000;
  if (timeZone === 'UTC') return 0;
  const quarter = Math.floor(instant / quarterMs);
  let known = offsets.get(timeZone);
  if (!known || known.size >= mostOffsets) {
    known = new Map();
    offsets.set(timeZone, known);
  }
  let offset = known.get(quarter);
  if (offset === undefined) {
    offset = shownAt(quarter * quarterMs, timeZone) - quarter * quarterMs;
    known.set(quarter, offset);
  }
  return offset;
}

// Zones change at a quarter of an hour (those of the last fifty years), and asking takes long.
const quarterMs = 900_000;
const mostOffsets = 4_096;
const offsets = new Map<string, Map<number, number>>();

/** What a zone's clock shows at an instant, as if it were UTC. */
function shownAt(instant: number, timeZone: string): number {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatter(timeZone).formatToParts(instant)) {
    parts[type] = Number(value);
  }
  return Date.UTC(
    parts.year ?? 0,
    (parts.month ?? 1) - 1,
    parts.day ?? 1,
    parts.hour ?? 0,
    parts.minute ?? 0,
    parts.second ?? 0,
  );
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  let known = formatters.get(timeZone);
  if (!known) {
    known = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timeZone, known);
  }
  return known;
}
