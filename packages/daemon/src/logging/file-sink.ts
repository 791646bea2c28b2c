import { createWriteStream, type WriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { LogSink } from './safe-target.ts';
import { drained, streamSink } from './stream-sink.ts';

export interface FileSinkGiven {
  readonly path: string;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  /** How often the file is looked at, and how soon a failed one is tried again. */
  readonly everyMs?: number;
  /** Called once when the file can no longer be written, and again only after it could be. */
  readonly onFailure?: (error: Error) => void;
}

/** Appends to a file; opens it again when it was rotated away or could not be written. */
export class FileSink implements LogSink {
  readonly #given: FileSinkGiven;
  readonly #everyMs: number;
  #stream: WriteStream;
  #sink: LogSink;
  #lookedAt: number;
  #failing = false;

  constructor(given: FileSinkGiven) {
    this.#given = given;
    this.#everyMs = given.everyMs ?? 5_000;
    this.#lookedAt = given.monotonic();
    this.#stream = this.#open();
    this.#sink = streamSink(this.#stream);
  }

  write(text: string, done?: (error?: Error | null) => void): boolean {
    const now = this.#given.monotonic();
    if (now - this.#lookedAt >= this.#everyMs) {
      this.#lookedAt = now;
      if (this.#stream.destroyed) this.#reopen();
      else void this.#followRotation();
    }
    return this.#sink.write(text, (error) => {
      if (error) this.#fail(error);
      else this.#failing = false;
      done?.(error);
    });
  }

  drain(deadlineMs: number): Promise<void> {
    return drained(this.#stream, deadlineMs);
  }

  close(): void {
    this.#stream.end();
  }

  async #followRotation(): Promise<void> {
    const stream = this.#stream;
    // `pending` until it is opened; the number of its inode is only known by what is there then.
    const [there, ours] = await Promise.all([
      stat(this.#given.path).catch(() => undefined),
      stat(`/proc/self/fd/${fileNumber(stream)}`).catch(() => undefined),
    ]);
    if (ours === undefined || stream !== this.#stream) return;
    if (there === undefined || there.ino !== ours.ino || there.dev !== ours.dev) this.#reopen();
  }

  #reopen(): void {
    this.#stream.end();
    this.#stream = this.#open();
    this.#sink = streamSink(this.#stream);
  }

  #open(): WriteStream {
    const stream = createWriteStream(this.#given.path, { flags: 'a', mode: 0o640 });
    stream.on('error', (error) => this.#fail(error));
    return stream;
  }

  #fail(error: Error): void {
    if (!this.#failing) this.#given.onFailure?.(error);
    this.#failing = true;
  }
}

/** The descriptor of a file stream, which its types leave out. */
function fileNumber(stream: WriteStream): number {
  const { fd } = stream as WriteStream & { readonly fd?: number | null };
  return fd ?? -1;
}
