import { Header } from '../detect/header/header.ts';
import { parseHeader } from '../detect/header/parse-header.ts';
import { LineTimes } from '../detect/line-time.ts';
import { zoneOffset } from '../detect/zone-offset.ts';

const dayMs = 86_400_000;
/** A year-less date read near `x` lies within half a year of it. */
const halfYearMs = 182 * dayMs;
/** Enough for every header; a line may be long. */
const headerBytes = 1_024;
/** Lines are in order, but not quite. */
const disorderMs = 2 * dayMs;

export interface LogTimesGiven {
  readonly timeZone: string | undefined;
  /** When the log was written to last, in ms since the epoch. */
  readonly modifiedAt: number;
  /** The year of the first line, when its date has none. */
  readonly year: number | undefined;
  /** The real time. */
  readonly now: number;
}

/**
 * The times of lines of one log. A date without a year is the first one after the line before;
 * the first of all is the last one before the log was written to, or in the year that was given.
 * A time in the future is none: for a moment a machine had a wrong clock.
 */
export class LogTimes {
  readonly #times: LineTimes;
  readonly #header = new Header();
  #latest = Number.POSITIVE_INFINITY;
  #near: number;
  readonly #now: number;

  constructor({ timeZone, modifiedAt, year, now }: LogTimesGiven) {
    this.#times = new LineTimes(timeZone);
    // A day more: zones, and clocks that are set.
    const before = Math.min(modifiedAt, now) + dayMs;
    this.#near = year === undefined ? before - halfYearMs : middleOf(year, timeZone);
    this.#now = now;
  }

  /** The time of the first dated line, of which those of all others depend. */
  begin(time: number): void {
    // A log that begins in the future was written by another clock throughout.
    if (time <= this.#now + dayMs) this.#latest = this.#now + dayMs;
    this.passed(time);
  }

  /** Dates without a year are read forward from this time on. */
  passed(time: number): void {
    this.#near = time - disorderMs + halfYearMs;
  }

  /** @returns the time of the line at [start, end), or undefined when it has none */
  read(bytes: Buffer, start: number, end: number): number | undefined {
    const text = bytes.toString('latin1', start, Math.min(end, start + headerBytes));
    parseHeader(text, 0, text.length, this.#header);
    if (this.#header.timeStart < 0) return undefined;
    const time = this.#times.read(text, this.#header, this.#near);
    return time === undefined || !(time <= this.#latest) ? undefined : time;
  }
}

/** What every date of a year is nearest to in that year. The first and the last decide. */
function middleOf(year: number, timeZone: string | undefined): number {
  const first = Date.UTC(year, 0, 1);
  return (first + Date.UTC(year + 1, 0, 1)) / 2 - zoneOffset(first, timeZone);
}
