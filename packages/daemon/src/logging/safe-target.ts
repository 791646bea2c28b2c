import { Writable } from 'node:stream';

/** What stands behind a target: a stream that may fail or stop taking text at any time. */
export interface LogSink {
  /**
   * @param done called once text that was taken is written, or with the error if it was not
   * @returns false when the text was not taken
   */
  write(text: string, done?: (error?: Error | null) => void): boolean;
  /** Resolves when nothing is queued, at the latest after `deadlineMs`. */
  drain(deadlineMs: number): Promise<void>;
  close(): void;
}

/**
 * What winston writes to. It takes every line at once and never fails: what the sink does not take
 * is dropped, counted, and owned up to as soon as the sink takes text again.
 */
export class SafeTarget extends Writable {
  readonly #sink: LogSink;
  readonly #lost: (count: number) => string;
  #dropped = 0;

  /** `lost` words the line that stands for `count` dropped ones. */
  constructor(sink: LogSink, lost: (count: number) => string) {
    super({ decodeStrings: false });
    this.#sink = sink;
    this.#lost = lost;
  }

  override _write(chunk: unknown, _encoding: string, taken: () => void): void {
    if (this.#dropped > 0 && this.#sink.write(this.#lost(this.#dropped))) this.#dropped = 0;
    if (!this.#sink.write(String(chunk))) this.#dropped += 1;
    taken();
  }
}
