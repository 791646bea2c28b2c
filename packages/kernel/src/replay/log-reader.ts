import type { LogBytes } from './log-bytes.ts';

const newline = 10;
const blockBytes = 1_048_576;

/** Whole lines of a log. The bytes are good until the next block is asked for. */
export interface LogBlock {
  readonly bytes: Buffer;
  /** Lines that were too long even for a block, and are not in it. */
  readonly dropped: number;
}

/** Reads a log in blocks of whole lines; while one is worked on the next is read. */
export class LogReader {
  readonly #log: LogBytes;
  readonly #maxLineBytes: number;
  #current: Buffer;
  #other: Buffer;
  #filling: Promise<number>;
  /** How many bytes of the line that the last block ended in stand at the front. */
  #kept = 0;
  #skipping = false;
  #ended = false;

  constructor(log: LogBytes, maxLineBytes: number) {
    this.#log = log;
    this.#maxLineBytes = maxLineBytes;
    const size = Math.max(blockBytes, 2 * maxLineBytes + 1_024);
    this.#current = Buffer.allocUnsafeSlow(size);
    this.#other = Buffer.allocUnsafeSlow(size);
    this.#filling = this.#fill();
  }

  /** @returns the next block; undefined behind the last one */
  async next(): Promise<LogBlock | undefined> {
    if (this.#ended) return undefined;
    const end = this.#kept + (await this.#filling);
    const bytes = this.#current;
    this.#ended = end < bytes.length;
    const { start, linesEnd, dropped } = this.#cut(bytes, end);
    if (!this.#ended) {
      this.#kept = this.#skipping ? 0 : end - linesEnd;
      bytes.copy(this.#other, 0, end - this.#kept, end);
      [this.#current, this.#other] = [this.#other, bytes];
      this.#filling = this.#fill();
    }
    return { bytes: bytes.subarray(start, linesEnd), dropped };
  }

  close(): Promise<void> {
    this.#ended = true;
    return this.#log.close();
  }

  #fill(): Promise<number> {
    const filling = this.#log.fill(this.#current, this.#kept);
    // It is awaited later; until then a failure is no event of the process.
    filling.catch(() => undefined);
    return filling;
  }

  #cut(bytes: Buffer, end: number) {
    let start = 0;
    if (this.#skipping) {
      const next = bytes.indexOf(newline);
      if (next < 0 || next >= end) return { start: end, linesEnd: end, dropped: 0 };
      start = next + 1;
      this.#skipping = false;
    }
    if (this.#ended) return { start, linesEnd: end, dropped: 0 };
    const linesEnd = Math.max(start, bytes.lastIndexOf(newline, end - 1) + 1);
    // One more than the longest line, as a `\r` does not belong to it.
    this.#skipping = end - linesEnd > this.#maxLineBytes + 1;
    return { start, linesEnd, dropped: this.#skipping ? 1 : 0 };
  }
}
