import type { Filter, LineInfo, Match } from '@remand/api';
import { printable, reasonOf } from '@remand/api';

/** A filter that remembers what it was asked last and what it answered. */
export class WatchedFilter implements Filter {
  readonly programs?: NonNullable<Filter['programs']>;
  readonly prefixes?: readonly string[];
  readonly converse?: NonNullable<Filter['converse']>;
  readonly watched: Filter;
  answer: Match | undefined;
  failure: string | undefined;

  constructor(filter: Filter) {
    this.watched = filter;
    if (filter.programs) this.programs = filter.programs;
    if (filter.prefixes) this.prefixes = filter.prefixes;
    if (filter.converse) {
      this.converse = (message, line) => this.#watch(() => filter.converse?.(message, line));
    }
  }

  match(message: string, line: LineInfo): Match | undefined {
    return this.#watch(() => {
      this.answer = this.watched.match(message, line);
      return this.answer;
    });
  }

  #watch<Answer>(ask: () => Answer): Answer {
    try {
      return ask();
    } catch (error) {
      this.failure = printable(reasonOf(error));
      throw error;
    }
  }

  forget(): void {
    this.answer = undefined;
    this.failure = undefined;
  }
}
