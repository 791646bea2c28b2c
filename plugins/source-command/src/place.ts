import { z } from 'zod';

const bookmark = z.object({
  version: z.literal(1),
  time: z.string().regex(/^[0-9TZ:.+-]{20,40}$/),
  lines: z.number().int().min(0),
});

/** How far a program with timestamps was read: the last time, and how many lines had it. */
export type Place = Omit<z.infer<typeof bookmark>, 'version'>;

export function encodePlace(place: Place): string {
  return JSON.stringify({ version: 1, ...place });
}

/** @returns undefined when the text is no bookmark of ours */
export function decodePlace(text: string): Place | undefined {
  try {
    const { time, lines } = bookmark.parse(JSON.parse(text));
    return { time, lines };
  } catch {
    return undefined;
  }
}

/** RFC 3339 with any fraction, and the space behind it. */
const stamp =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2}) /;

export interface Stamp {
  /** As it stands there. */
  readonly text: string;
  /** In ns since the epoch. */
  readonly ns: bigint;
}

/** The time at the beginning of a line; undefined where there is none. */
export function stampOf(line: string): Stamp | undefined {
  const parts = stamp.exec(line);
  if (!parts) return undefined;
  const [whole, second = '', fraction = '.0', zone = 'Z'] = parts;
  const ms = Date.parse(`${second}${zone}`);
  if (Number.isNaN(ms)) return undefined;
  const ns = BigInt(ms) * 1_000_000n + BigInt(fraction.slice(1).padEnd(9, '0'));
  return { text: whole.slice(0, -1), ns };
}

/**
 * Tells what was read before. A program that goes on at a time prints the lines of that very time
 * again: as many of them are passed over as had been read.
 */
export class Resume {
  readonly #from: bigint | undefined;
  #again: number;
  #last: bigint | undefined;
  #lines: number;

  constructor(place: Place | undefined) {
    this.#from = place && stampOf(`${place.time} `)?.ns;
    this.#again = place?.lines ?? 0;
    this.#last = this.#from;
    this.#lines = place?.lines ?? 0;
  }

  /** The place behind a line; undefined for one that was read before. */
  take({ text, ns }: Stamp): Place | undefined {
    if (this.#from !== undefined) {
      if (ns < this.#from) return undefined;
      if (ns === this.#from && this.#again > 0) {
        this.#again--;
        return undefined;
      }
    }
    if (this.#last !== undefined && ns < this.#last) {
      // Two pipes of one program: the place stays with the later line.
      return { time: timeOf(this.#last), lines: this.#lines };
    }
    this.#lines = ns === this.#last ? this.#lines + 1 : 1;
    this.#last = ns;
    return { time: text, lines: this.#lines };
  }
}

function timeOf(ns: bigint): string {
  const second = new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 19);
  return `${second}.${String(ns % 1_000_000_000n).padStart(9, '0')}Z`;
}
