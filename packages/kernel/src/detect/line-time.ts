import { isDigit } from './header/characters.ts';
import type { Header } from './header/header.ts';
import { monthAt } from './header/month.ts';
import { readDate } from './read-date.ts';
import { zoneOffset } from './zone-offset.ts';

/**
 * Reads the time of a header that `parseHeader` found. Called for lines that matter only. A time
 * without a zone is taken in `timeZone`; a date without a year takes the year that puts it
 * nearest to `now` (RFC 3164 §5.1 leaves that to the reader).
 */
export class LineTimes {
  readonly #timeZone: string | undefined;
  // The minute that was converted last: log lines come in order, so nearly all hit it.
  #minuteText = '';
  #minuteMs = 0;
  #minuteAskedAt = 0;

  constructor(timeZone: string | undefined) {
    this.#timeZone = timeZone;
  }

  /** @returns ms since the epoch, or undefined when the header holds no readable time */
  read(text: string, header: Header, now: number): number | undefined {
    switch (header.kind) {
      case 'bsd':
        return this.#bsd(text, header, now);
      case 'iso':
      case 'plain':
      case 'rfc5424':
        return header.timeStart < 0 ? undefined : this.#iso(text, header);
      case 'clf':
        return this.#clf(text, header);
      case 'dated':
        return this.#dated(text, header);
      case 'json':
      case 'logfmt':
        return header.timeStart < 0 ? undefined : this.#structured(text, header);
      case 'epoch':
        return Number(text.slice(header.timeStart, header.timeEnd)) * 1000;
      default:
        return undefined;
    }
  }

  #bsd(text: string, header: Header, now: number): number | undefined {
    const clock = header.timeEnd - 8;
    const seconds = digits(text, clock + 6, 2);
    const minuteText = text.slice(header.timeStart, clock + 5);
    // The nearest year can change while a daemon runs: an answer is good for an hour.
    if (minuteText === this.#minuteText && Math.abs(now - this.#minuteAskedAt) < 3_600_000) {
      return this.#minuteMs + seconds * 1000;
    }
    const month = monthAt(text, header.timeStart);
    const dayStart = header.timeStart + (text.charCodeAt(header.timeStart + 4) === 32 ? 5 : 4);
    const day = digits(text, dayStart, clock - 1 - dayStart);
    const hour = digits(text, clock, 2);
    const minute = digits(text, clock + 3, 2);
    if (month < 0 || !(day >= 1 && day <= 31 && hour < 24 && minute < 60 && seconds < 62)) {
      return undefined;
    }
    const nearest = this.#nearestYear({ month, day, hour, minute }, now);
    this.#minuteText = minuteText;
    this.#minuteMs = nearest;
    this.#minuteAskedAt = now;
    return nearest + seconds * 1000;
  }

  #nearestYear(
    date: { month: number; day: number; hour: number; minute: number },
    now: number,
  ): number {
    const year = new Date(now).getUTCFullYear();
    let best = Number.NaN;
    for (const candidate of [year - 1, year, year + 1]) {
      const wall = Date.UTC(candidate, date.month, date.day, date.hour, date.minute);
      const ms = wall - zoneOffset(wall, this.#timeZone);
      if (!(Math.abs(ms - now) >= Math.abs(best - now))) best = ms;
    }
    return best;
  }

  /** RFC 3339, also with a comma before the fraction, a space for the `T`, or no zone. */
  #iso(text: string, header: Header): number | undefined {
    const start = header.timeStart;
    const wall = Date.UTC(
      digits(text, start, 4),
      digits(text, start + 5, 2) - 1,
      digits(text, start + 8, 2),
      digits(text, start + 11, 2),
      digits(text, start + 14, 2),
      digits(text, start + 17, 2),
    );
    if (Number.isNaN(wall)) return undefined;
    let at = start + 19;
    let fraction = 0;
    const separator = text.charCodeAt(at);
    if ((separator === 46 || separator === 44) && at < header.timeEnd) {
      const fractionStart = ++at;
      while (at < header.timeEnd && isDigit(text.charCodeAt(at))) at++;
      fraction = Math.floor(Number(`0.${text.slice(fractionStart, at) || '0'}`) * 1000);
    }
    const zone = text.slice(at, header.timeEnd);
    const offset = zone === '' ? zoneOffset(wall, this.#timeZone) : writtenOffset(zone);
    return offset === undefined ? undefined : wall + fraction - offset;
  }

  /** Seconds or milliseconds since 1970, or a date in any form that a header may have. */
  #structured(text: string, header: Header): number | undefined {
    const { timeStart: start, timeEnd: end } = header;
    const written = text.slice(start, end);
    if (/^[0-9]{9,13}(?:\.[0-9]+)?$/.test(written)) {
      const number = Number(written);
      return number < 100_000_000_000 ? Math.round(number * 1000) : Math.round(number);
    }
    if (/^[0-9]{2}\//.test(written)) return this.#clf(text, header);
    const isIso = /^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]/.test(written);
    return isIso ? this.#iso(text, header) : this.#dated(text, header);
  }

  #dated(text: string, { timeStart, timeEnd }: Header): number | undefined {
    const date = readDate(text.slice(timeStart, timeEnd));
    if (date === undefined) return undefined;
    const { wall, zone } = date;
    const offset = zone === '' ? zoneOffset(wall, this.#timeZone) : writtenOffset(zone);
    return offset === undefined ? undefined : wall - offset;
  }

  /** `10/Oct/2000:13:55:36 -0700` (Common Log Format). */
  #clf(text: string, header: Header): number | undefined {
    const start = header.timeStart;
    const wall = Date.UTC(
      digits(text, start + 7, 4),
      monthAt(text, start + 3),
      digits(text, start, 2),
      digits(text, start + 12, 2),
      digits(text, start + 15, 2),
      digits(text, start + 18, 2),
    );
    if (Number.isNaN(wall) || monthAt(text, start + 3) < 0) return undefined;
    const zone = text.slice(start + 20, header.timeEnd).trim();
    const offset = zone === '' ? zoneOffset(wall, this.#timeZone) : writtenOffset(zone);
    return offset === undefined ? undefined : wall - offset;
  }
}

/** The offset in ms that `Z`, `+02:00`, `+0200` or `+02` names. */
function writtenOffset(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0;
  const parts = /^([+-])([0-9]{2}):?([0-9]{2})?$/.exec(zone);
  if (!parts) return undefined;
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? '0');
  return (parts[1] === '-' ? -minutes : minutes) * 60_000;
}

function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index++) {
    const code = text.charCodeAt(index);
    if (!isDigit(code)) return Number.NaN;
    value = value * 10 + code - 48;
  }
  return value;
}
