import { captureOf } from './capture-of.ts';
import { type Expression, nothing, sequence } from './expression.ts';
import { TemplateError } from './template-error.ts';

/**
 * Reads a template:
 *
 * - `{name:type}` is a capture, `{type}` one that is named like its type;
 * - `{user:text without ":" or "…"}` is free text that does not hold this, nor what follows behind \`or\`;
 * - `{method:word except none|gssapi*}` is neither of these, nor what begins so;
 * - `{part}` is what `parts` says under this name;
 * - `[…]` may be missing, `(…|…)` is one of several, also inside of `[…|…]`;
 * - `\` stands before a bracket, a brace, a bar or a backslash that is meant as it stands.
 *
 * @throws TemplateError
 */
export function parseTemplate(
  template: string,
  parts: Readonly<Record<string, string>> = {},
): Expression {
  return new Parser(template, { parts, within: [], pieces: { left: mostPieces } }).whole();
}

const closers: Readonly<Record<string, string>> = { '[': ']', '(': ')' };

/** Parts may hold parts: a few lines could describe more than any memory holds. */
const mostPieces = 4_000;

interface Around {
  readonly parts: Readonly<Record<string, string>>;
  /** The parts that are being read, from the outermost. */
  readonly within: readonly string[];
  /** How many more a template may have, with all that its parts bring. */
  readonly pieces: { left: number };
}

class Parser {
  readonly #text: string;
  readonly #around: Around;
  #at = 0;

  constructor(text: string, around: Around) {
    this.#text = text;
    this.#around = around;
  }

  whole(): Expression {
    const found = this.#sequence();
    if (this.#at < this.#text.length) {
      const stray = this.#text[this.#at] ?? '';
      throw new TemplateError(
        this.#at,
        `"${stray}" closes or divides nothing; write "\\${stray}" if you mean the character`,
      );
    }
    return found;
  }

  #sequence(): Expression {
    this.#around.pieces.left -= 1;
    if (this.#around.pieces.left < 0) {
      throw new TemplateError(
        this.#at,
        `it has more than ${mostPieces} pieces; divide it into several`,
      );
    }
    const found: Expression[] = [];
    let literal = '';
    const flush = () => {
      if (literal !== '') found.push({ kind: 'literal', text: bytesOf(literal) });
      literal = '';
    };
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? '';
      if (character === ']' || character === ')' || character === '}' || character === '|') break;
      if (character === '\n' || character === '\r') {
        throw new TemplateError(this.#at, 'a line end: a message has none');
      }
      if (character === '[' || character === '(') {
        flush();
        found.push(this.#group(character));
      } else if (character === '{') {
        flush();
        found.push(this.#capture());
      } else {
        literal += character === '\\' ? this.#escaped() : character;
        this.#at++;
      }
    }
    flush();
    return sequence(...found);
  }

  #escaped(): string {
    const next = this.#text[++this.#at];
    if (next !== undefined && '[](){}|\\'.includes(next)) return next;
    throw new TemplateError(
      this.#at - 1,
      'a backslash stands before one of [ ] ( ) { } | \\ only; write "\\\\" for one',
    );
  }

  #group(opener: string): Expression {
    const start = this.#at++;
    const of = [this.#sequence()];
    while (this.#text[this.#at] === '|') {
      this.#at++;
      of.push(this.#sequence());
    }
    if (this.#text[this.#at] !== closers[opener]) {
      throw new TemplateError(
        start,
        `"${opener}" is not closed; write "\\${opener}" if you mean the character`,
      );
    }
    this.#at++;
    return { kind: 'choice', of: opener === '[' ? [...of, nothing] : of };
  }

  #capture(): Expression {
    const start = this.#at;
    const end = endOfBraces(this.#text, start);
    if (end < 0) {
      throw new TemplateError(start, '"{" is not closed; write "\\{" if you mean the character');
    }
    const inside = this.#text.slice(start + 1, end);
    this.#at = end + 1;
    const { parts, within, pieces } = this.#around;
    const part = Object.hasOwn(parts, inside) ? parts[inside] : undefined;
    if (part === undefined) return captureOf(inside, start, Object.keys(parts));
    if (within.includes(inside)) {
      throw new TemplateError(start, `the part "${inside}" contains itself`);
    }
    try {
      return new Parser(part, { parts, within: [...within, inside], pieces }).whole();
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new TemplateError(start, `in the part "${inside}": ${error.message}`);
    }
  }
}

/** Quotation marks in the braces may hold a brace. */
function endOfBraces(text: string, start: number): number {
  let quote = '';
  for (let index = start + 1; index < text.length; index++) {
    const character = text[index] ?? '';
    if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === '}' && quote === '') return index;
  }
  return -1;
}

/** Messages are offered one character per byte. */
function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
