import type { Position } from './bookmark.ts';
import { bigBytes } from './buffer-pool.ts';
import { type DockerFormat, dockerLines, longestEntry } from './docker-lines.ts';
import { hashOf, markBytes, readRange } from './fingerprint.ts';
import type { OpenLog } from './open-log.ts';
import type { Point } from './starting-point.ts';
import { type Cut, cutBlock, keepLines } from './take-lines.ts';

interface State {
  readonly offset: number;
  readonly skipping: boolean;
  /** See `Point`. */
  readonly skip: readonly string[];
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

/** What was read from a file whose lines are entries of Docker. */
interface DockerRead {
  readonly block: { readonly start: number; readonly skipping: boolean };
  readonly cut: Cut;
  readonly maxLineBytes: number;
  readonly atEnd: boolean;
}

const newline = 10;
const nothing = Buffer.alloc(0);
const start: State = { offset: 0, skipping: false, skip: [], head: nothing, tail: nothing };

/** One file, from its first line to its last, whatever it is called meanwhile. */
export class OpenFile {
  /** Identifies the inode. */
  readonly id: string;
  /** When it grew last, on the monotonic clock; kept by the reader. */
  quietSince = 0;
  readonly #log: OpenLog;
  readonly #docker: DockerFormat | undefined;
  #state: State = start;
  /** Streams of a container in the middle of a message at the end of what was read. */
  #unfinished: readonly string[] = [];

  constructor(log: OpenLog, docker?: DockerFormat) {
    this.#log = log;
    this.#docker = docker;
    this.id = inodeId(log.stat);
  }

  get stat(): OpenLog['stat'] {
    return this.#log.stat;
  }

  /** Goes to an offset that stands at the start of a line, or inside of one that is to be skipped. */
  async seek({ offset, skipping, skip = [] }: Point): Promise<void> {
    const head = await readRange(this.#log, 0, Math.min(markBytes, offset));
    const tail = await readRange(this.#log, Math.max(0, offset - markBytes), offset);
    this.#state = { offset, skipping, skip, head, tail };
  }

  /**
   * Says which file was read before this one: a message of a container that was cut at its end
   * goes on at the beginning here, and is skipped.
   */
  follows(before: OpenFile): void {
    const { skip, offset } = this.#state;
    if (offset > 0 || before.#unfinished.length === 0) return;
    this.#state = { ...this.#state, skip: [...new Set([...skip, ...before.#unfinished])] };
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
      ...(state.skip.length > 0 && { skip: state.skip }),
    };
  }

  /**
   * Reads the block behind the offset. It begins a little earlier, with bytes that are known: if
   * they are not there any more, the file was truncated, however large it is again.
   */
  async read(buffer: Buffer, maxLineBytes: number): Promise<Block | 'truncated'> {
    const { offset, skipping, skip, tail, head } = this.#state;
    const from = offset - tail.length;
    const { bytesRead } = await this.#log.handle.read(buffer, 0, buffer.length, from);
    const known = tail.length;
    if (bytesRead < known || tail.compare(buffer, 0, known) !== 0) return 'truncated';
    const longest = this.#docker ? longestEntry(maxLineBytes) : maxLineBytes;
    const block = { start: known, end: bytesRead, skipping, maxLineBytes: longest };
    const cut = cutBlock(buffer, block);
    const atEnd = bytesRead < buffer.length;
    if (this.#docker)
      return this.#readDocker(buffer, this.#docker, { block, cut, maxLineBytes, atEnd });
    const next: State = {
      offset: from + cut.end,
      skipping: cut.skipping,
      skip,
      head: grownHead(head, buffer.subarray(known, cut.end)),
      // Copied now: the lines are moved within the buffer next.
      tail: Buffer.from(buffer.subarray(Math.max(0, cut.end - markBytes), cut.end)),
    };
    const kept = keepLines(buffer, { ...block, end: cut.linesEnd });
    return {
      lines: buffer.subarray(kept.start, kept.end),
      oversized: kept.oversized + (cut.newlyLong ? 1 : 0),
      moved: cut.end > known,
      atEnd,
      next,
    };
  }

  /** Behind the last whole message of a container. */
  #readDocker(
    buffer: Buffer,
    format: DockerFormat,
    { block, cut, maxLineBytes, atEnd }: DockerRead,
  ): Block {
    const { offset, skip, head, tail } = this.#state;
    const { start: known } = block;
    const first =
      block.skipping && known < cut.linesEnd ? buffer.indexOf(newline, known) + 1 : known;
    const read = dockerLines(buffer.subarray(first, cut.linesEnd), {
      ...{ format, maxLineBytes, skip },
      canWait: atEnd || buffer.length < bigBytes,
    });
    this.#unfinished = [...read.open, ...read.skip];
    const isAll = first + read.consumed === cut.linesEnd;
    const end = isAll ? cut.end : first + read.consumed;
    const next: State = {
      offset: offset - tail.length + end,
      skipping: isAll && cut.skipping,
      skip: read.skip,
      head: grownHead(head, buffer.subarray(known, end)),
      tail: Buffer.from(buffer.subarray(Math.max(0, end - markBytes), end)),
    };
    const newlyLong = isAll && cut.newlyLong ? 1 : 0;
    const { lines } = read;
    // Without progress a small block is no end: a larger one is read next.
    return { lines, oversized: read.oversized + newlyLong, moved: end > known, atEnd, next };
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
