import { monthAt } from './header/month.ts';

/** A date as a header had it; without a zone in that of the log. */
export interface ReadDate {
  /** ms since the epoch, as if the clock on the wall were that of UTC. */
  readonly wall: number;
  /** As it is written: `+0200`. */
  readonly zone: string;
}

const clock = String.raw`(?<hour>[ \d]\d):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<fraction>\d+))?`;
const forms = [
  String.raw`(?<year>\d{4})[/-](?<month>\d\d)[/-](?<day>\d\d) ${clock}`,
  String.raw`(?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d{4}) ${clock}(?: (?<zone>\S+))?`,
  String.raw`[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) ${clock} (?<year>\d{4})`,
  String.raw`(?<year>\d\d)(?<month>\d\d)(?<day>\d\d) ${clock}`,
].map((form) => new RegExp(`^${form}$`));

/** What `parseDated` found; undefined for a date that there is not. */
export function readDate(text: string): ReadDate | undefined {
  if (text.startsWith('@')) return readTai64n(text);
  for (const form of forms) {
    const found = form.exec(text)?.groups;
    if (found !== undefined) return dateOf(found);
  }
  return undefined;
}

function dateOf(parts: Readonly<Record<string, string | undefined>>): ReadDate | undefined {
  const { year = '', month = '', fraction, zone = '' } = parts;
  const day = Number(parts.day);
  const hour = Number(parts.hour);
  const minute = Number(parts.minute);
  const second = Number(parts.second);
  const monthIndex = /\d/.test(month) ? Number(month) - 1 : monthAt(month, 0);
  const fullYear = Number(year) + (year.length === 2 ? 2000 : 0);
  const isReal =
    monthIndex >= 0 && monthIndex < 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60;
  if (!isReal || !(second < 62)) return undefined;
  const ms = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  return { wall: Date.UTC(fullYear, monthIndex, day, hour, minute, second, ms), zone };
}

/** https://cr.yp.to/libtai/tai64.html; it was 10 s ahead of UTC in 1970, which logs go on to use. */
function readTai64n(text: string): ReadDate | undefined {
  const seconds = Number.parseInt(text.slice(2, 17), 16) - 10;
  const nanoseconds = Number.parseInt(text.slice(17, 25), 16);
  if (text[1] !== '4' || Number.isNaN(seconds + nanoseconds)) return undefined;
  return { wall: seconds * 1000 + Math.floor(nanoseconds / 1e6), zone: 'Z' };
}
