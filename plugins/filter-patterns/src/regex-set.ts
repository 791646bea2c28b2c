import { isIP } from 'node:net';
import type { Match, PatternTrial } from '@remand/api';
import { BudgetedRegexes } from './budgeted-regexes.ts';
import { compileRegex } from './compile-regex.ts';
import { linearityOf } from './prove-linear.ts';

/** The regular expressions of a filter: the proven ones at hand, the others in a worker. */
export class RegexSet {
  readonly #linear: readonly { readonly name: string; readonly regex: RegExp }[];
  readonly #others: readonly string[];
  readonly #budgeted: BudgetedRegexes | undefined;

  constructor(sources: readonly string[]) {
    const named = sources.map((source, index) => ({ name: `regex-${index + 1}`, source }));
    const isLinear = ({ source }: { readonly source: string }) => linearityOf(source).isLinear;
    this.#linear = named
      .filter(isLinear)
      .map(({ name, source }) => ({ name, regex: compileRegex(source) }));
    const others = named.filter((one) => !isLinear(one));
    this.#others = others.map(({ name }) => name);
    this.#budgeted =
      others.length > 0 ? new BudgetedRegexes(others.map(({ source }) => source)) : undefined;
  }

  match(message: string): Match | undefined {
    return this.#find(message)?.match;
  }

  explain(message: string): readonly PatternTrial[] {
    const found = this.#find(message)?.name;
    return [...this.#linear.map(({ name }) => name), ...this.#others].map((pattern) => ({
      pattern,
      matched: pattern === found,
      reached: pattern === found ? message.length : 0,
      ...(pattern !== found && { wanted: 'what the regular expression says' }),
    }));
  }

  close(): void {
    this.#budgeted?.close();
  }

  #find(message: string): { readonly name: string; readonly match: Match } | undefined {
    for (const { name, regex } of this.#linear) {
      const { address, user } = regex.exec(message)?.groups ?? {};
      if (address === undefined || isIP(address) === 0) continue;
      return { name, match: user === undefined ? { address } : { address, user } };
    }
    const found = this.#budgeted?.match(message);
    if (!found || isIP(found.match.address) === 0) return undefined;
    return { name: this.#others[found.index] ?? '', match: found.match };
  }
}
