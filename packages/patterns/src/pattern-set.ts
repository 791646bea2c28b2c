import type { Filter, LineInfo, Match, PatternTrial, Piece } from '@remand/api';
import { type Exceptions, Pattern } from './pattern.ts';
import type { PatternEntry, PatternTable } from './pattern-entry.ts';
import { shortest } from './prefixes-of.ts';
import { prove } from './prove.ts';

export interface PatternSetOptions {
  /** Which patterns count. Default: all. */
  readonly isOn?: (entry: PatternEntry) => boolean;
  /** In words, what would switch on one that does not count. */
  readonly wantedFor?: (entry: PatternEntry) => string;
  readonly except?: Exceptions;
}

export interface FilterGiven extends Pick<Filter, 'programs'> {
  /**
   * The tests of the filter prove its table, whatever its options are: not again at each start,
   * which takes up to 50 ms. Default false.
   */
  readonly isProven?: boolean;
}

/** The patterns of a filter, found by the first two characters of a message. */
export class PatternSet {
  /** See `Filter.prefixes` of `@remand/api`. */
  readonly prefixes: readonly string[] | undefined;
  readonly #on: readonly Pattern[];
  readonly #off: readonly Pattern[];
  /** Those that tell something of a conversation only. */
  readonly #pieces: readonly Pattern[];
  readonly #byStart = new Map<number, readonly Pattern[]>();
  /** Those that may begin with anything. */
  readonly #anywhere: readonly Pattern[];
  readonly #byProgram: boolean;
  readonly #wantedFor: (entry: PatternEntry) => string;
  readonly #table: PatternTable;

  /** @throws TemplateError for what is no template; what is one is proven by `asFilter` */
  constructor(table: PatternTable, options: PatternSetOptions = {}) {
    const { isOn = () => true, wantedFor = () => 'another option', except } = options;
    this.#table = table;
    const all = table.patterns.map((entry) => new Pattern({ entry, parts: table.parts, except }));
    const isWhole = ({ entry }: Pattern): boolean => entry.tells === undefined;
    const on = all.filter(({ entry }) => isOn(entry));
    this.#on = on.filter(isWhole);
    this.#off = all.filter(({ entry }) => !isOn(entry)).filter(isWhole);
    this.#pieces = on.filter((pattern) => !isWhole(pattern));
    this.#wantedFor = wantedFor;
    this.#byProgram = this.#on.some(({ entry }) => entry.programs !== undefined);
    this.#anywhere = this.#on.filter(({ prefixes }) => !startsOf(prefixes));
    const starts = new Set(this.#on.flatMap(({ prefixes }) => startsOf(prefixes) ?? []));
    for (const start of starts) {
      this.#byStart.set(
        start,
        this.#on.filter(({ prefixes }) => startsOf(prefixes)?.includes(start) ?? true),
      );
    }
    this.prefixes = shortest(on.flatMap(({ prefixes }) => prefixes ?? ['']));
  }

  /**
   * Says who did it by the first pattern that fits.
   * @param start where the service's own words begin, when something stands before them
   */
  match(message: string, program?: string, start = 0): Match | undefined {
    const key = message.charCodeAt(start) | (message.charCodeAt(start + 1) << 8);
    for (const pattern of this.#byStart.get(key) ?? this.#anywhere) {
      if (this.#byProgram && !pattern.isFor(program)) continue;
      const match = pattern.match(message, start);
      if (match !== undefined) return match;
    }
    return undefined;
  }

  /**
   * These patterns as a filter of lines of these programs.
   * @throws TemplateError for a table that is not proven: see `checkPatterns`
   */
  asFilter(given: FilterGiven = {}): Filter {
    if (!given.isProven) prove(this.#table);
    const { prefixes } = this;
    return {
      ...(given.programs && { programs: given.programs }),
      ...(prefixes && { prefixes }),
      match: this.#byProgram
        ? (message, { program }) => this.match(message, program)
        : (message) => this.match(message),
      ...(this.hasPieces && { converse: (message, line) => this.converse(message, line) }),
      explain: (message, { program }) => this.explain(message, program),
    };
  }

  /** Whether some of them tell of a conversation only. */
  get hasPieces(): boolean {
    return this.#pieces.length > 0;
  }

  /** What a message that is no match tells of a conversation: see `Filter.converse`. */
  converse(message: string, { program, pid }: LineInfo, start = 0): Piece | undefined {
    for (const pattern of this.#pieces) {
      if (!pattern.isFor(program)) continue;
      const piece = pattern.piece(message, start, pid);
      if (piece !== undefined) return piece;
    }
    return undefined;
  }

  /** How far each pattern gets: see `Filter.explain` of `@remand/api`. */
  explain(message: string, program?: string, start = 0): readonly PatternTrial[] {
    const trials: PatternTrial[] = [];
    for (const pattern of this.#on) {
      const trial = pattern.explain(message, start, program);
      trials.push(trial);
      if (trial.matched) return trials;
    }
    // What other options would have seen is what somebody who asks most likely looks for.
    for (const pattern of this.#off) {
      const trial = pattern.explain(message, start, program);
      if (!trial.matched) continue;
      trials.push({ ...trial, matched: false, wanted: this.#wantedFor(pattern.entry) });
    }
    return trials;
  }
}

function startsOf(prefixes: readonly string[] | undefined): readonly number[] | undefined {
  if (prefixes === undefined || prefixes.some((prefix) => prefix.length < 2)) return undefined;
  return prefixes.map((prefix) => prefix.charCodeAt(0) | (prefix.charCodeAt(1) << 8));
}
