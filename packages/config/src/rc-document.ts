import { type ConfigPath, printable } from '@remand/api';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLError,
} from 'yaml';
import type { LocatedProblem, Location } from './location.ts';
import { PlainValue } from './plain-value.ts';

/** Beyond these the rest only follows from them. */
const mostSyntaxProblems = 10;

/** One parsed file: its value, what is wrong with its syntax, and where everything stands. */
export class RcDocument {
  readonly file: string;
  /** Null when the syntax is wrong. */
  readonly value: unknown;
  readonly problems: readonly LocatedProblem[];
  readonly #lines = new LineCounter();
  readonly #document: Document | undefined;

  constructor(text: string, file: string) {
    this.file = file;
    try {
      const document = parseDocument(text, {
        lineCounter: this.#lines,
        version: '1.2',
        schema: 'core',
        // `!!binary` and its like would make objects that no plugin expects.
        resolveKnownTags: false,
        prettyErrors: false,
        stringKeys: true,
        // Compares each key with each other one; PlainValue has a set.
        uniqueKeys: false,
      });
      this.#document = document;
      const wrong = this.#syntaxProblems(document);
      const plain = wrong.length === 0 ? new PlainValue(document) : undefined;
      this.value = plain?.value ?? null;
      this.problems = [
        ...wrong,
        ...(plain?.problems ?? []).map(({ node, ...problem }) => ({
          ...problem,
          at: 'key' as const,
          location: this.#locationOf(node),
        })),
      ];
    } catch (error) {
      // The parser recurses: a file of brackets alone overflows the stack.
      if (!(error instanceof RangeError)) throw error;
      this.value = null;
      this.problems = [this.#syntaxProblem('is nested too deeply', 0)];
    }
  }

  /** Whether the file itself gives a value for this path. */
  has(path: ConfigPath): boolean {
    return this.#walk(path).found === path.length;
  }

  /** The place of a path, or of the nearest node above it that exists. */
  locate(path: ConfigPath, at: 'key' | 'value' = 'value'): Location {
    const { node, key, found } = this.#walk(path);
    const isInside = found < path.length && !isScalar(node) && !isAlias(node);
    return this.#locationOf(at === 'key' || isInside ? (key ?? node) : node);
  }

  #walk(path: ConfigPath): { node: Node | null; key: Node | null; found: number } {
    let node = (this.#document?.contents ?? null) as Node | null;
    let key: Node | null = null;
    let found = 0;
    for (const step of path) {
      const whole: unknown = this.#resolve(node);
      if (isMap(whole)) {
        const pair = whole.items.find((item) => isScalar(item.key) && item.key.value === step);
        if (pair === undefined) break;
        key = pair.key as Node;
        node = (pair.value as Node | null) ?? key;
      } else if (isSeq(whole) && typeof step === 'number' && step < whole.items.length) {
        node = (whole.items[step] as Node | null) ?? node;
        key = node;
      } else break;
      found += 1;
    }
    return { node, key, found };
  }

  #resolve(node: Node | null): Node | null {
    if (!isAlias(node) || this.#document === undefined) return node;
    return node.resolve(this.#document) ?? null;
  }

  #syntaxProblems(document: Document): LocatedProblem[] {
    const errors = [...document.errors, ...document.warnings];
    // The parser catches its own overflow and reports that, and hundreds of followers.
    if (errors.some((error) => error.message.includes('call stack'))) throw new RangeError();
    const problems = errors
      .slice(0, mostSyntaxProblems)
      .map((error) => this.#syntaxProblem(sentence(error), error.pos[0]));
    const { explicit, version } = document.directives?.yaml ?? {};
    if (explicit === true && version !== '1.2') {
      problems.push(this.#syntaxProblem(`asks for YAML ${version}, wanted YAML 1.2`, 0));
    }
    return problems;
  }

  #syntaxProblem(message: string, offset: number): LocatedProblem {
    return {
      path: [],
      code: 'CONFIG_SYNTAX',
      message: printable(message, 300),
      location: this.#placeOf(offset),
    };
  }

  #locationOf(node: Node | null): Location {
    return this.#placeOf(node?.range?.[0] ?? 0);
  }

  #placeOf(offset: number): Location {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) };
  }
}

function sentence({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here, wanted one';
  return message.charAt(0).toLowerCase() + message.slice(1);
}
