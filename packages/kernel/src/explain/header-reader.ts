import type { LineInfo } from '@remand/api';
import { isoTime } from '../control/times.ts';
import { Header, resetHeader } from '../detect/header/header.ts';
import { parseHeader } from '../detect/header/parse-header.ts';
import { LazyLineInfo } from '../detect/line-info.ts';
import { LineTimes } from '../detect/line-time.ts';
import type { HeaderFacts } from './contract.ts';
import { decoded } from './line-text.ts';

/** Two zones that no time means at once: a time that they read differently names none itself. */
const [farEast, farWest] = ['Pacific/Kiritimati', 'Etc/GMT+12'];

/** Reads the headers of single lines as detection does, and tells what they say. */
export class HeaderReader {
  readonly header = new Header();
  readonly #info = new LazyLineInfo(this.header);
  readonly #zone: string;
  readonly #times: LineTimes;
  readonly #east = new LineTimes(farEast);
  readonly #west = new LineTimes(farWest);

  constructor(timeZone?: string) {
    this.#zone = timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
    this.#times = new LineTimes(timeZone);
  }

  get info(): LineInfo {
    return this.#info;
  }

  read(text: string): void {
    this.#info.text = text;
    parseHeader(text, 0, text.length, this.header);
  }

  /** Takes the whole line for the message. */
  readWhole(text: string): void {
    this.#info.text = text;
    resetHeader(this.header, 0);
  }

  /** The time of the line that was read last, in ISO 8601. */
  time(now: number): string | null {
    const time = this.#times.read(this.#info.text, this.header, now);
    return isReadable(time) ? isoTime(time) : null;
  }

  facts(now: number): HeaderFacts {
    const { kind, timeStart, timeEnd, messageStart } = this.header;
    const { text } = this.#info;
    const { program, pid } = this.#info;
    const time = this.time(now);
    const east = this.#east.read(text, this.header, now);
    const namesNone = time !== null && east !== this.#west.read(text, this.header, now);
    return {
      kind,
      timeText: timeStart < 0 ? null : decoded(text.slice(timeStart, timeEnd)),
      time,
      assumedZone: namesNone ? this.#zone : null,
      program: program === undefined ? null : decoded(program),
      pid: pid ?? null,
      message: decoded(text.slice(messageStart)),
    };
  }
}

function isReadable(time: number | undefined): time is number {
  return time !== undefined && !Number.isNaN(new Date(time).getTime());
}
