import {
  type CaptureToWrite,
  type PatternEntry,
  type PatternTable,
  writeMessage,
} from '@remand/patterns';

/** Who sends the messages, and whom nobody may blame. */
export const attacker = '192.0.2.1';
const victim = '6.6.6.6';
const victim6 = '2001:db8:6::6';

const nasty = [
  ...[victim, victim6, `[${victim}]`, `(${victim})`, `from ${victim}`, ` from ${victim} port 22`],
  ...[
    `::ffff:${victim}`,
    ` rhost=${victim} `,
    `client: ${victim}, `,
    `${victim}]: `,
    `${victim}:22`,
  ],
  ...[
    '\n',
    '\r',
    '\0',
    '\x1b[2J',
    '\x1b]0;',
    '\\n',
    '\\',
    '"',
    "'",
    '[',
    ']',
    '(',
    ')',
    '<',
    '>',
    '%',
  ],
  ...[':', ': ', ',', ', ', '=', ' ', '  ', '\xff', '\xe2\x80\xae', 'x', 'root', ''],
];

/** One of these is of any type of a capture. */
const plainTexts = ['22', ' ', '198.51.100.9', 'x'];

/**
 * Messages as a service writes them about `attacker`, with text of an attacker's wherever a pattern
 * has free text: the same ones each time.
 */
export class HostileMessages {
  readonly #table: PatternTable;
  readonly #pieces: readonly string[];
  readonly #whole: readonly string[];
  #seed = 1;

  constructor(table: PatternTable) {
    this.#table = table;
    const plain = table.patterns.map((entry) => this.#write(entry, () => 'x', victim));
    // The filter's own words, around somebody else's address.
    const words = plain.flatMap((message) => message.split(victim));
    this.#pieces = [...nasty, ...new Set(words)];
    this.#whole = plain;
  }

  /** A harmless one, with every optional part. */
  plain(entry: PatternEntry): string {
    return this.#write(entry, () => 'x', attacker);
  }

  next(entry: PatternEntry): string {
    return this.#write(
      entry,
      (capture) => this.#text(capture),
      attacker,
      (count) => this.#below(count),
    );
  }

  /** One that is cut somewhere, with something put in. */
  damaged(entry: PatternEntry): string {
    const message = this.next(entry);
    const at = this.#below(message.length + 1);
    return message.slice(0, at) + this.#pick() + message.slice(at + this.#below(8));
  }

  /** One for each piece, which fills every free text up to `length` characters. */
  *long(entry: PatternEntry, length: number): Generator<string> {
    const pieces = ['x', ' ', ':', '"', ...this.#whole.slice(0, 40), ` from ${victim} port 22`];
    for (const piece of pieces) {
      const text = piece.repeat(Math.ceil(length / piece.length));
      yield this.#write(entry, (capture) => fitting(capture, text), attacker);
      // The same without its end: what fails must not be slow either.
      yield `${this.#write(entry, (capture) => fitting(capture, text), attacker)}\x01`;
    }
  }

  #text(capture: CaptureToWrite): string {
    let text = '';
    for (let count = this.#below(7); count > 0; count--) text += this.#pick();
    return fitting(capture, text);
  }

  #pick(): string {
    if (this.#below(12) === 0) return this.#whole[this.#below(this.#whole.length)] ?? '';
    return this.#pieces[this.#below(this.#pieces.length)] ?? '';
  }

  #write(
    entry: PatternEntry,
    free: (capture: CaptureToWrite) => string,
    address: string,
    choose: (count: number) => number = () => 0,
  ): string {
    return writeMessage(entry, this.#table, {
      choose,
      capture: (capture) => {
        if (capture.name === 'address') return address;
        if (capture.isFree) return free(capture);
        return plainTexts.find((text) => capture.fits(text)) ?? '';
      },
    });
  }

  /** A pseudo-random number (Numerical Recipes), so that a failure can be seen again. */
  #below(limit: number): number {
    this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#seed / 2 ** 32) * limit);
  }
}

/** What is left of a text when the characters that the capture does not hold are taken out. */
function fitting(capture: CaptureToWrite, text: string): string {
  if (capture.fits(text)) return text;
  const characters = new Set(text);
  let left = text;
  for (const character of characters) {
    if (!capture.fits(`x${character}x`)) left = left.replaceAll(character, '');
  }
  return capture.fits(left) ? left : 'x';
}
