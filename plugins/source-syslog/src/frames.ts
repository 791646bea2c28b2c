const newline = 10;
/** `MSG-LEN SP`: nobody counts more bytes than this. */
const longestCount = 10;

/**
 * Cuts what a connection brings into messages (RFC 6587): by octet counting where a message begins
 * with its length, else by lines. Keeps no more than one message, and nothing of one that is too long.
 */
export class Frames {
  readonly #maxBytes: number;
  #rest: Buffer = Buffer.alloc(0);
  /** How many bytes of a message are still to be thrown away; Infinity until a line end. */
  #skip = 0;
  /** Messages that were too long. */
  oversized = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** How much of a message waits for its end. */
  get waiting(): number {
    return this.#rest.length;
  }

  /** Adds what has come. @returns the messages that are whole now; they may share its bytes */
  add(chunk: Buffer): Buffer[] {
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const messages: Buffer[] = [];
    for (;;) {
      data = this.#skipped(data);
      if (data.length === 0) break;
      const next = this.#next(data);
      if (next === undefined) break;
      if (next.message) messages.push(next.message);
      data = data.subarray(next.used);
    }
    // A copy, so that a few bytes do not keep a whole chunk.
    this.#rest = data.length === 0 ? data : Buffer.from(data);
    return messages;
  }

  /** What is left when the connection ends: a last line without its end, if it is one. */
  end(): Buffer | undefined {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return this.#skip === 0 && rest.length > 0 && countIn(rest) === undefined ? rest : undefined;
  }

  #skipped(data: Buffer): Buffer {
    if (this.#skip === 0) return data;
    if (this.#skip !== Number.POSITIVE_INFINITY) {
      const used = Math.min(this.#skip, data.length);
      this.#skip -= used;
      return data.subarray(used);
    }
    const at = data.indexOf(newline);
    if (at < 0) return data.subarray(data.length);
    this.#skip = 0;
    return data.subarray(at + 1);
  }

  #next(data: Buffer): { readonly message?: Buffer; readonly used: number } | undefined {
    const count = countIn(data);
    if (count === 'more') return undefined;
    return count ? this.#counted(data, count) : this.#line(data);
  }

  #counted(data: Buffer, { length, start }: Count) {
    if (length > this.#maxBytes) {
      this.oversized++;
      this.#skip = length;
      return { used: start };
    }
    const used = start + length;
    return data.length < used ? undefined : { message: data.subarray(start, used), used };
  }

  #line(data: Buffer) {
    const at = data.indexOf(newline);
    if (at >= 0 && at <= this.#maxBytes + 1) return { message: data.subarray(0, at), used: at + 1 };
    if (at < 0 && data.length <= this.#maxBytes + 1) return undefined;
    this.oversized++;
    this.#skip = Number.POSITIVE_INFINITY;
    return { used: 0 };
  }
}

interface Count {
  readonly length: number;
  /** Where the message begins. */
  readonly start: number;
}

/** The length that a message begins with; `more` while that cannot be said. */
function countIn(data: Buffer): Count | 'more' | undefined {
  let at = 0;
  while (at < data.length && at <= longestCount && isDigit(data[at])) at++;
  if (at === 0 || data[0] === 48 || at > longestCount) return undefined;
  if (at === data.length) return 'more';
  if (data[at] !== 32) return undefined;
  return { length: Number(data.toString('latin1', 0, at)), start: at + 1 };
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}
