import { type Clock, Gatherer, type SourceFeed, type SourceUse } from '@remand/api';
import { oneLine } from './one-line.ts';
import type { SyslogOptions } from './options.ts';

const mostWaiting = 4_096;
const mostWaitingBytes = 4_194_304;
const end = Buffer.from('\n');
/** Nothing can be read again, so there is nothing to go on behind. */
const noBookmark = 'none';

export interface LineSinkGiven {
  readonly feed: SourceFeed;
  readonly clock: Clock;
  readonly use: SourceUse<SyslogOptions>;
  readonly stream: string;
}

/** Where the messages of one use go, whatever they came over. */
export class LineSink {
  readonly #given: LineSinkGiven;
  readonly #gatherer: Gatherer<Buffer>;
  #bytes = 0;
  #oversized = 0;
  #stopped = false;

  constructor(given: LineSinkGiven) {
    this.#given = given;
    const { clock } = given;
    const hand = (lines: readonly Buffer[]) => this.#hand(lines);
    this.#gatherer = new Gatherer({ clock, most: mostWaiting, hand });
  }

  /** Whether no more can wait: drop what comes, or let it wait where it is. */
  get isFull(): boolean {
    return this.#bytes >= mostWaitingBytes || this.#gatherer.waiting >= mostWaiting;
  }

  /**
   * Adds a message, whose bytes are its own from now on.
   * @returns a promise while it is full
   */
  add(message: Buffer): Promise<void> | undefined {
    if (this.#stopped) return undefined;
    const line = oneLine(message);
    if (line.length === 0) return undefined;
    if (line.length > this.#given.feed.maxLineBytes) {
      this.tooLong(1);
      return undefined;
    }
    this.#bytes += line.length;
    try {
      const room = this.#gatherer.add(line);
      return this.isFull ? (room ?? this.#gatherer.settled()) : undefined;
    } catch {
      // The kernel takes nothing more: this source is being stopped.
      this.#stopped = true;
      return undefined;
    }
  }

  /** Counts messages that were too long to be kept. */
  tooLong(count: number): void {
    this.#oversized += count;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#gatherer.settled().catch(() => undefined);
  }

  async #hand(lines: readonly Buffer[]): Promise<void> {
    const { feed, use, stream } = this.#given;
    const bytes = Buffer.concat(lines.flatMap((line) => [line, end]));
    const oversized = this.#oversized;
    this.#oversized = 0;
    const { timeZone } = use.options;
    await feed.push({
      stream,
      uses: [use.id],
      bytes,
      bookmark: noBookmark,
      live: true,
      oversized,
      ...(timeZone !== undefined && { timeZone }),
    });
    this.#bytes -= lines.reduce((sum, line) => sum + line.length, 0);
  }
}
