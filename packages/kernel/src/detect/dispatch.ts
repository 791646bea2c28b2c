import type { Filter } from '@remand/api';
import { ByFirst } from './by-first.ts';
import type { Header } from './header/header.ts';
import { Literal } from './header/literal.ts';
import { programHash } from './header/program.ts';
import type { JailState } from './jail-state.ts';

/** A filter and the jails that it decides for: jails with equal filter options share it. */
export interface FilterGroup {
  readonly filter: Filter;
  readonly jails: readonly JailState[];
  /** The same over restarts for the same filter with the same options. */
  readonly id?: string;
}

/** One filter behind the literals that its messages begin with. */
export class Rule {
  readonly group: FilterGroup;
  /** Whether a line was of its programs. */
  offered = false;
  /** What its messages begin with; the empty text stands for anything. */
  readonly starts: readonly string[];
  /** By the first two characters of the prefix (one, when it has no second). */
  readonly #prefixes: Map<number, readonly Literal[]> | undefined;
  readonly #shortest: number;

  constructor(group: FilterGroup) {
    this.group = group;
    const prefixes = group.filter.prefixes ?? [''];
    this.starts = prefixes;
    this.#shortest = Math.min(...prefixes.map((prefix) => prefix.length));
    // The empty literal is the beginning of every message.
    if (this.#shortest === 0) return;
    const wide = this.#shortest >= 2;
    const byStart = new Map<number, Literal[]>();
    for (const prefix of prefixes) {
      const key = wide ? startKey(prefix, 0) : prefix.charCodeAt(0);
      byStart.set(key, [...(byStart.get(key) ?? []), Literal.of(prefix)]);
    }
    this.#prefixes = byStart;
  }

  /** Whether the message at [start, end) begins with one of the literals. */
  accepts(text: string, start: number, end: number): boolean {
    if (!this.#prefixes) return true;
    if (end - start < this.#shortest) return false;
    const key = this.#shortest >= 2 ? startKey(text, start) : text.charCodeAt(start);
    const prefixes = this.#prefixes.get(key);
    if (prefixes === undefined) return false;
    for (const prefix of prefixes) {
      if (start + prefix.length <= end && prefix.standsAt(text, start)) return true;
    }
    return false;
  }
}

function startKey(text: string, at: number): number {
  return text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8);
}

/** The rules for the lines of one program. */
export class RuleList {
  readonly rules: readonly Rule[];
  readonly #byFirst: ByFirst<Rule>;
  #offered = false;

  constructor(rules: readonly Rule[]) {
    this.rules = rules;
    this.#byFirst = new ByFirst(rules, ({ starts }) => starts);
  }

  /** Those that may accept the message at `start`, now that it is offered to all. */
  offer(text: string, start: number): readonly Rule[] {
    if (!this.#offered) {
      for (const rule of this.rules) rule.offered = true;
      this.#offered = true;
    }
    return this.#byFirst.get(text.charCodeAt(start));
  }
}

interface ProgramRules {
  readonly program: Literal;
  readonly rules: RuleList;
}

/** Finds the rules for a line by its program, without making a string of it. */
export class Dispatch {
  readonly #byHash = new Map<number, readonly ProgramRules[]>();
  /** Those of names that only begin so, the longest first. */
  readonly #families: ByFirst<ProgramRules>;
  /** Rules for the lines of every program. */
  readonly #any: RuleList;
  /** Rules for a header without a program. */
  readonly #unnamed: RuleList;
  readonly all: RuleList;
  readonly jails: readonly JailState[];

  constructor(groups: readonly FilterGroup[]) {
    const rules = groups.map((group) => new Rule(group));
    this.all = new RuleList(rules);
    this.jails = [...new Set(groups.flatMap((group) => group.jails))];
    const any = rules.filter((rule) => rule.group.filter.programs === undefined);
    this.#any = new RuleList(any);
    this.#unnamed = new RuleList([
      ...rules.filter(({ group }) => group.filter.programs?.includes(null)),
      ...any,
    ]);
    const named = new Set(rules.flatMap(({ group }) => group.filter.programs ?? []));
    const families: (ProgramRules & { readonly name: string })[] = [];
    for (const program of [...named].filter((name) => name !== null)) {
      const isFamily = program.endsWith('*');
      const name = isFamily ? program.slice(0, -1) : program;
      // With its star: a line of a family is not of the exact name that begins like it.
      const its = rules.filter(({ group }) =>
        group.filter.programs?.some((one) => covers(one, program)),
      );
      const entry = { program: Literal.of(name), rules: new RuleList([...its, ...any]) };
      if (isFamily) families.push({ ...entry, name });
      else {
        const hash = programHash(name);
        this.#byHash.set(hash, [...(this.#byHash.get(hash) ?? []), entry]);
      }
    }
    families.sort((one, other) => other.name.length - one.name.length);
    this.#families = new ByFirst(families, ({ name }) => [name]);
  }

  /** The rules for a line with this header; none for one whose header is not known. */
  rulesOf(text: string, header: Header): RuleList {
    const { programStart, programEnd } = header;
    if (programStart < 0) return header.kind === 'none' ? none : this.#unnamed;
    const entries = this.#byHash.get(header.programHash);
    if (entries !== undefined) {
      for (const { program, rules } of entries) {
        if (program.length === programEnd - programStart && program.standsAt(text, programStart)) {
          return rules;
        }
      }
    }
    for (const { program, rules } of this.#families.get(text.charCodeAt(programStart))) {
      if (program.length <= programEnd - programStart && program.standsAt(text, programStart)) {
        return rules;
      }
    }
    return this.#any;
  }
}

const none = new RuleList([]);

/** Whether what a filter says of its programs stands for a name, or for all of a family (`x*`). */
function covers(said: string | null, name: string): boolean {
  return said?.endsWith('*') ? name.startsWith(said.slice(0, -1)) : said === name;
}

/** The dispatch to some of the jails, each behind its filter. */
export function dispatchTo(
  groups: readonly FilterGroup[],
  isWanted: (jail: JailState) => boolean,
): Dispatch {
  return new Dispatch(
    groups
      .map(({ jails, ...group }) => ({ ...group, jails: jails.filter(isWanted) }))
      .filter(({ jails }) => jails.length > 0),
  );
}
