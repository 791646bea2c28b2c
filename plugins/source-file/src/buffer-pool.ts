/** Of a big buffer. */
export const bigBytes = 1_048_576;
const smallBytes = 65_536;
const mostBig = 4;

/**
 * Lends the buffers that blocks are read into. A buffer is held while its batch is under way, so
 * the big ones are few: a hundred files with a backlog must not cost a hundred of them. When all
 * are out, a small one does.
 */
export class BufferPool {
  readonly #big: Buffer[] = [];
  readonly #small: Buffer[] = [];
  readonly #least: number;
  #bigMade = 0;

  /** A block needs room for the longest line, its end, and the bytes that are known. */
  constructor(maxLineBytes: number) {
    this.#least = maxLineBytes + 1_024;
  }

  lend(big: boolean): Buffer {
    if (big) {
      const free = this.#big.pop();
      if (free) return free;
      if (this.#bigMade < mostBig) {
        this.#bigMade += 1;
        return Buffer.allocUnsafeSlow(Math.max(bigBytes, this.#least));
      }
    }
    return this.#small.pop() ?? Buffer.allocUnsafeSlow(this.#smallSize);
  }

  giveBack(buffer: Buffer): void {
    if (buffer.length > this.#smallSize) this.#big.push(buffer);
    else if (this.#small.length < mostBig) this.#small.push(buffer);
  }

  get #smallSize(): number {
    return Math.max(smallBytes, this.#least);
  }
}
