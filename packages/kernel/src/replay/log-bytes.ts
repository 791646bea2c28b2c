import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Duplex, pipeline } from 'node:stream';
import type { Packing } from '@remand/api';
import type { Unpacker } from './unpacker.ts';

const chunkBytes = 262_144;

/** The bytes of a log from its beginning, unpacked. */
export interface LogBytes {
  /**
   * Fills `buffer` from `offset` on, as far as the log goes.
   * @returns how many bytes; fewer than there is room for only at the end
   */
  fill(buffer: Buffer, offset: number): Promise<number>;
  /** How many bytes of the file were read: fewer than came out of a compressed one. */
  readonly bytesRead: number;
  close(): Promise<void>;
}

export async function openLogBytes(
  { path, packing }: { readonly path: string; readonly packing: Packing | undefined },
  unpacker: Unpacker,
): Promise<LogBytes> {
  if (packing === undefined) return new PlainBytes(await open(path, 'r'));
  return new PackedBytes(path, unpacker.open(packing));
}

class PlainBytes implements LogBytes {
  readonly #file: FileHandle;
  bytesRead = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async fill(buffer: Buffer, offset: number): Promise<number> {
    let filled = 0;
    while (offset + filled < buffer.length) {
      const at = offset + filled;
      const { bytesRead } = await this.#file.read(buffer, at, buffer.length - at, null);
      if (bytesRead === 0) break;
      filled += bytesRead;
      this.bytesRead += bytesRead;
    }
    return filled;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Unpacks as much as is asked for and no more: a small file can hold a terabyte. */
class PackedBytes implements LogBytes {
  readonly #file;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(path: string, unpacking: Duplex) {
    this.#file = createReadStream(path, { highWaterMark: chunkBytes });
    // A failure comes out of the iteration as well.
    pipeline(this.#file, unpacking, () => undefined);
    this.#chunks = unpacking[Symbol.asyncIterator]();
  }

  get bytesRead(): number {
    return this.#file.bytesRead;
  }

  async fill(buffer: Buffer, offset: number): Promise<number> {
    let at = offset;
    while (at < buffer.length) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done === true) break;
        this.#rest = next.value;
      }
      const taken = Math.min(this.#rest.length, buffer.length - at);
      this.#rest.copy(buffer, at, 0, taken);
      this.#rest = this.#rest.subarray(taken);
      at += taken;
    }
    return at - offset;
  }

  async close(): Promise<void> {
    this.#file.destroy();
    await this.#chunks.return?.();
  }
}
