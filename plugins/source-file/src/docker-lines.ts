/** How the lines of Docker's JSON log files are to be read. */
export interface DockerFormat {
  /** Whether a line gets the time of its entry for its header. */
  readonly withTime: boolean;
  /** The program that the container is said to run. */
  readonly program: string | undefined;
}

/** The messages of some entries, as lines. */
export interface DockerLines {
  readonly lines: Buffer;
  readonly oversized: number;
  /** Bytes of whole messages: behind them the next block is to begin. */
  readonly consumed: number;
  /** Streams of the container in the middle of a message that is to be skipped. */
  readonly skip: readonly string[];
  /** Streams with a message that has no end yet. */
  readonly open: readonly string[];
}

/** The streams of a container. */
export const dockerStreams: readonly string[] = ['stdout', 'stderr'];

const newline = 10;
const none: readonly string[] = [];
/** `\u00ff` is the longest escape of one byte; the rest of an entry is short. */
const longestEscape = 6;
const entryBytes = 1_024;

/** The longest entry that can hold a part of a line, in bytes. */
export function longestEntry(maxLineBytes: number): number {
  return maxLineBytes * longestEscape + entryBytes;
}

/**
 * Reads entries of Docker's `json-file` logging driver: `{"log":"…\n","stream":"stdout","time":"…"}`,
 * one a line. Docker cuts messages at 16 KiB; parts are joined up to the one that ends with a line
 * end. A message whose end is not there yet is left for the next block, with all behind its beginning.
 * @param bytes whole entries
 * @param given.skip as the block before has said
 * @param given.canWait false when no larger block can be had: then a message without an end is too long
 */
export function dockerLines(
  bytes: Buffer,
  given: {
    readonly format: DockerFormat;
    readonly maxLineBytes: number;
    readonly skip: readonly string[];
    readonly canWait: boolean;
  },
): DockerLines {
  const joiner = new Joiner(given);
  let whole: { consumed: number; lines: number; oversized: number; skip: readonly string[] } = {
    consumed: 0,
    lines: 0,
    oversized: 0,
    skip: given.skip,
  };
  for (let start = 0; start < bytes.length; ) {
    const next = bytes.indexOf(newline, start) + 1 || bytes.length;
    joiner.add(bytes.toString('utf8', start, next));
    start = next;
    if (joiner.isWhole) {
      const { oversized, skip } = joiner;
      whole = { consumed: start, lines: joiner.lines.length, oversized, skip };
    }
  }
  if (whole.consumed === 0 && bytes.length > 0 && !given.canWait) {
    joiner.giveUp();
    const { oversized, skip } = joiner;
    whole = { consumed: bytes.length, lines: joiner.lines.length, oversized, skip };
  }
  const text = joiner.lines.slice(0, whole.lines).join('');
  const { consumed, oversized, skip } = whole;
  return { lines: Buffer.from(text, 'utf8'), consumed, oversized, skip, open: joiner.open };
}

interface Message {
  text: string;
  readonly time: string;
}

/** Joins the parts of messages, which two streams can mix. */
class Joiner {
  readonly lines: string[] = [];
  oversized = 0;
  readonly #format: DockerFormat;
  readonly #maxLineBytes: number;
  readonly #open = new Map<string, Message>();
  readonly #skip: Set<string>;

  constructor(given: { format: DockerFormat; maxLineBytes: number; skip: readonly string[] }) {
    this.#format = given.format;
    this.#maxLineBytes = given.maxLineBytes;
    this.#skip = new Set(given.skip);
  }

  get isWhole(): boolean {
    return this.#open.size === 0;
  }

  get open(): readonly string[] {
    return [...this.#open.keys()];
  }

  get skip(): readonly string[] {
    return this.#skip.size === 0 ? none : [...this.#skip];
  }

  add(entry: string): void {
    const read = readEntry(entry);
    if (!read) {
      // What Docker did not write is passed on as it is, so that somebody sees it.
      this.#take(entry.trimEnd());
      return;
    }
    const { log, stream, time } = read;
    const ends = log.endsWith('\n');
    if (this.#skip.has(stream)) {
      if (ends) this.#skip.delete(stream);
      return;
    }
    const message = this.#open.get(stream) ?? { text: '', time };
    message.text += log;
    this.#open.set(stream, message);
    if (message.text.length > this.#maxLineBytes + 1) {
      this.#tooLong(stream, ends);
    } else if (ends) {
      this.#open.delete(stream);
      this.#take(`${this.#header(message.time)}${oneLine(message.text)}`);
    }
  }

  /** Counts what has no end as too long. */
  giveUp(): void {
    for (const stream of [...this.#open.keys()]) this.#tooLong(stream, false);
  }

  #tooLong(stream: string, ends: boolean): void {
    this.#open.delete(stream);
    this.oversized++;
    if (!ends) this.#skip.add(stream);
  }

  #take(line: string): void {
    if (Buffer.byteLength(line) <= this.#maxLineBytes) this.lines.push(`${line}\n`);
    else this.oversized++;
  }

  #header(time: string): string {
    const { withTime, program } = this.#format;
    if (!withTime) return '';
    return program === undefined ? `${time} ` : `${time} docker ${program}: `;
  }
}

/** A line end inside of a message is written as rsyslog does, so that it makes no line of its own. */
function oneLine(text: string): string {
  const line = text.replace(/[\r\n]+$/, '');
  return /[\r\n]/.test(line)
    ? line.replace(/[\r\n]/g, (found) => (found === '\n' ? '#012' : '#015'))
    : line;
}

function readEntry(entry: string): { log: string; stream: string; time: string } | undefined {
  try {
    const { log, stream, time } = JSON.parse(entry);
    const isTime = typeof time === 'string' && /^[0-9]{4}-[0-9T:.Z+-]{15,36}$/.test(time);
    if (typeof log !== 'string' || typeof stream !== 'string' || !isTime) return undefined;
    return { log, stream: stream.slice(0, 20), time };
  } catch {
    return undefined;
  }
}
