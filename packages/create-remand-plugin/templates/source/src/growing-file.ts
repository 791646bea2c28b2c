import { open } from 'node:fs/promises';
import { type CancelTimer, type Clock, reasonOf, type SourceFeed } from '@remand/api';

const pollMs = 1_000;
const blockBytes = 256 * 1024;
const newline = 10;

/**
 * Follows one file that only grows: replace it by where your lines come from. The bookmark is the
 * offset behind the last whole line that was committed.
 */
export class GrowingFile {
  readonly #use: string;
  readonly #path: string;
  readonly #clock: Clock;
  #feed: SourceFeed | undefined;
  #work: Promise<void> = Promise.resolve();
  #cancel: CancelTimer = () => undefined;
  #hasEnded = false;
  /** When the end of the file was seen last; lines that come soon after are live. */
  #endAt = Number.NEGATIVE_INFINITY;

  constructor(use: string, path: string, clock: Clock) {
    this.#use = use;
    this.#path = path;
    this.#clock = clock;
  }

  /** A start that took too long is called again: the work begins once. */
  start(feed: SourceFeed): void {
    if (this.#feed !== undefined) return;
    this.#feed = feed;
    this.#poll(feed);
  }

  /** Nothing is handed over or reported once this has resolved. */
  async stop(): Promise<void> {
    this.#hasEnded = true;
    this.#cancel();
    await this.#work;
    this.#cancel();
  }

  #poll(feed: SourceFeed): void {
    this.#work = this.#read(feed).catch((error: unknown) => {
      if (this.#hasEnded) return;
      const trouble = { state: 'degraded', reason: reasonOf(error) } as const;
      this.#report(feed, { ...trouble, hint: 'it is looked for again every second' });
    });
    void this.#work.then(() => {
      if (!this.#hasEnded) this.#cancel = this.#clock.after(pollMs, () => this.#poll(feed));
    });
  }

  async #read(feed: SourceFeed): Promise<void> {
    const file = await open(this.#path);
    try {
      this.#report(feed, { state: 'ok' });
      let skipping = false;
      while (!this.#hasEnded) {
        const from = Number(feed.bookmark(this.#path) ?? 0);
        const block = Buffer.alloc(blockBytes);
        const { bytesRead } = await file.read(block, 0, blockBytes, from);
        const end = block.subarray(0, bytesRead).lastIndexOf(newline) + 1;
        const isFull = bytesRead === blockBytes;
        if (end === 0 && !isFull) break;
        // A line that is longer than a block is passed over in blocks.
        const length = end === 0 ? bytesRead : end;
        const lines = wholeLines(block.subarray(0, length), feed.maxLineBytes, skipping);
        skipping = end === 0;
        await feed.push({
          stream: this.#path,
          uses: [this.#use],
          bytes: lines.bytes,
          bookmark: String(from + length),
          live: this.#clock.monotonic() - this.#endAt <= 2_000,
          oversized: lines.oversized,
        });
        if (!isFull) break;
      }
      this.#endAt = this.#clock.monotonic();
    } finally {
      await file.close();
    }
  }

  #report(
    feed: SourceFeed,
    health: { state: 'ok' } | { state: 'degraded'; reason: string; hint: string },
  ): void {
    if (!this.#hasEnded)
      feed.health(this.#path, { ...health, uses: [this.#use], label: this.#path });
  }
}

/** The lines that are short enough; the rest of one that began in an earlier block is none. */
function wholeLines(block: Buffer, longest: number, isInside: boolean) {
  const kept: Buffer[] = [];
  let oversized = 0;
  let isFirst = isInside;
  for (let from = 0; from < block.length; ) {
    const end = block.indexOf(newline, from);
    const next = end < 0 ? block.length : end + 1;
    if (end < 0 || end - from > longest || isFirst) oversized += end < 0 ? 0 : 1;
    else kept.push(block.subarray(from, next));
    isFirst = false;
    from = next;
  }
  return { bytes: Buffer.concat(kept), oversized };
}
