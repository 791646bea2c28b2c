import type { Framing } from '@remand/api';
import type { Dispatch } from '../detect/dispatch.ts';
import { cutAt } from './cut-at.ts';
import { findDated } from './find-dated.ts';
import { type FoundLog, unreadable } from './inspect-log.ts';
import { openLogBytes } from './log-bytes.ts';
import { type LogBlock, LogReader } from './log-reader.ts';
import type { LogTimes } from './log-times.ts';
import { logsRefused } from './logs-refused.ts';
import type { Unpacker } from './unpacker.ts';

/** Jails whose sources read lines in the same way. */
export interface ReplayStream {
  readonly name: string;
  readonly framing: Framing;
  readonly dispatch: Dispatch;
}

export interface TrackGiven {
  readonly log: FoundLog;
  readonly stream: ReplayStream;
  readonly times: LogTimes;
  /** The time of its first dated line. */
  readonly from: number;
  readonly maxLineBytes: number;
  readonly unpacker: Unpacker;
}

/** The lines of one log for one stream, in the order in which they stand, with the time at its head. */
export class Track {
  readonly #given: TrackGiven;
  #reader: LogReader | undefined;
  #bytesRead: () => number = () => 0;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #dropped = 0;
  /** The time of the line at its head; infinite when there is none any more. */
  time: number;

  constructor(given: TrackGiven) {
    this.#given = given;
    this.time = given.from;
  }

  get stream(): ReplayStream {
    return this.#given.stream;
  }

  get log(): FoundLog {
    return this.#given.log;
  }

  get bytesRead(): number {
    return this.time === Number.POSITIVE_INFINITY ? this.log.size : this.#bytesRead();
  }

  /** Whether it must be filled before lines can be taken. */
  get isEmpty(): boolean {
    return this.#at >= this.#bytes.length && this.time !== Number.POSITIVE_INFINITY;
  }

  /**
   * Reads the next block; what was taken before is no longer good. Opens the log when needed.
   * @throws CommandError INPUT_UNREADABLE
   */
  async fill(): Promise<void> {
    const block = await this.#next();
    if (!block) {
      this.time = Number.POSITIVE_INFINITY;
      await this.close();
      return;
    }
    this.#bytes = block.bytes;
    this.#at = 0;
    this.#dropped += block.dropped;
    if (block.bytes.length === 0) return;
    this.#look();
  }

  /** Takes the lines at its head up to the first one that is at or after `limit`. */
  take(limit: number): Buffer {
    const start = this.#at;
    const end = this.#bytes.length;
    const cut = cutAt(this.#bytes, { start, end, limit }, this.#given.times);
    this.#at = cut;
    if (cut < end) this.#look();
    return this.#bytes.subarray(start, cut);
  }

  /** How many lines were dropped since the last time because they did not fit into a block. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  async close(): Promise<void> {
    await this.#reader?.close();
  }

  async #next(): Promise<LogBlock | undefined> {
    const { log, maxLineBytes, unpacker } = this.#given;
    try {
      if (!this.#reader) {
        const bytes = await openLogBytes(log, unpacker);
        this.#bytesRead = () => bytes.bytesRead;
        this.#reader = new LogReader(bytes, maxLineBytes);
      }
      return await this.#reader.next();
    } catch (error) {
      throw logsRefused([unreadable(log, error)]);
    }
  }

  /** Reads the time of the first dated line from its head on. */
  #look(): void {
    const { times } = this.#given;
    const found = findDated(this.#bytes, this.#at, this.#bytes.length, times);
    if (!found) return;
    this.time = found.time;
    times.passed(found.time);
  }
}
