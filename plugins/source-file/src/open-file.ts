import type { Position } from './bookmark.ts';
import { hashOf, markBytes, readRange } from './fingerprint.ts';
import type { OpenLog } from './open-log.ts';
import { cutBlock, keepLines } from './take-lines.ts';

interface State {
  readonly offset: number;
  readonly skipping: boolean;
  /** The first bytes, and those before the offset. */
  readonly head: Buffer;
  readonly tail: Buffer;
}

/** What one read gave. It counts as read only once `accept` is called with it. */
export interface Block {
  /** Whole lines, inside of the caller's buffer. */
  readonly lines: Uint8Array;
  readonly oversized: number;
  readonly moved: boolean;
  readonly atEnd: boolean;
  readonly next: State;
}

const nothing = Buffer.alloc(0);
const start: State = { offset: 0, skipping: false, head: nothing, tail: nothing };

/** One file, from its first line to its last, whatever it is called meanwhile. */
export class OpenFile {
  /** Identifies the inode. */
  readonly id: string;
  /** When it grew last, on the monotonic clock; kept by the reader. */
  quietSince = 0;
  readonly #log: OpenLog;
  #state: State = start;

  constructor(log: OpenLog) {
    this.#log = log;
    this.id = inodeId(log.stat);
  }

  get stat(): OpenLog['stat'] {
    return this.#log.stat;
  }

  /** Goes to an offset that stands at the start of a line, or inside of one that is to be skipped. */
  async seek(offset: number, skipping: boolean): Promise<void> {
    const head = await readRange(this.#log, 0, Math.min(markBytes, offset));
    const tail = await readRange(this.#log, Math.max(0, offset - markBytes), offset);
    this.#state = { offset, skipping, head, tail };
  }

  /** Begins again at the start, after a truncation. */
  restart(): void {
    this.#state = start;
  }

  get offset(): number {
    return this.#state.offset;
  }

  position(state: State = this.#state): Position {
    return {
      dev: String(this.#log.stat.dev),
      ino: String(this.#log.stat.ino),
      offset: state.offset,
      head: hashOf(state.head),
      headLength: state.head.length,
      tail: hashOf(state.tail),
      tailLength: state.tail.length,
      skipping: state.skipping,
    };
  }

  /**
   * Reads the block behind the offset. It begins a little earlier, with bytes that are known: if
   * they are not there any more, the file was truncated, however large it is again.
   */
  async read(buffer: Buffer, maxLineBytes: number): Promise<Block | 'truncated'> {
    const { offset, skipping, tail, head } = this.#state;
    const from = offset - tail.length;
    const { bytesRead } = await this.#log.handle.read(buffer, 0, buffer.length, from);
    const known = tail.length;
    if (bytesRead < known || tail.compare(buffer, 0, known) !== 0) return 'truncated';
    const block = { start: known, end: bytesRead, skipping, maxLineBytes };
    const cut = cutBlock(buffer, block);
    const next: State = {
      offset: from + cut.end,
      skipping: cut.skipping,
      head: grownHead(head, buffer.subarray(known, cut.end)),
      // Copied now: the lines are moved within the buffer next.
      tail: Buffer.from(buffer.subarray(Math.max(0, cut.end - markBytes), cut.end)),
    };
    const kept = keepLines(buffer, { ...block, end: cut.linesEnd });
    return {
      lines: buffer.subarray(kept.start, kept.end),
      oversized: kept.oversized + (cut.newlyLong ? 1 : 0),
      moved: cut.end > known,
      atEnd: bytesRead < buffer.length,
      next,
    };
  }

  accept(block: Block): void {
    this.#state = block.next;
  }

  /** Bytes between the offset of `state` and the end of the file now. */
  async bytesBehind(state: State = this.#state): Promise<number> {
    const { size } = await this.#log.handle.stat();
    return Math.max(0, size - state.offset);
  }

  async close(): Promise<void> {
    await this.#log.handle.close();
  }
}

export function inodeId(found: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${found.dev}:${found.ino}`;
}

function grownHead(head: Buffer, added: Buffer): Buffer {
  if (head.length >= markBytes) return head;
  return Buffer.concat([head, added.subarray(0, markBytes - head.length)]);
}
