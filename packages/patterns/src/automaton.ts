import { type CharacterSet, characterSet, singleCharacter } from './character-set.ts';
import type { Expression, Repeat } from './expression.ts';
import { PhraseMachine } from './phrase-machine.ts';

/** A step over one character. */
export interface Edge {
  readonly set: CharacterSet;
  readonly to: number;
  /** Whether the character belongs to the address that is blamed. */
  readonly inAddress: boolean;
  /** In words, what is wanted here. */
  readonly wanted: string;
  /** Whether a piece of the template is sure behind it: a literal to its end, a capture's start. */
  readonly isLandmark: boolean;
}

/** A state that may take the next character again and again, without a limit. */
export interface Loop {
  readonly state: number;
  readonly set: CharacterSet;
  /** What it does not hold, if there is such. */
  readonly phrases?: PhraseMachine;
}

/** A repetition with a limit up to this costs a constant. Longer ones count as without one. */
const longestBounded = 64;
/** Limits are kept exactly up to this; above, the automaton takes more than the regex does. */
const longestExact = 16;

/**
 * What an expression takes, as an automaton without empty steps. It may take more than the regex of
 * the same expression (long limits, `except`), never less: what is proven for it holds for both.
 * States are numbered from left to right.
 */
export class Automaton {
  readonly edges: readonly (readonly Edge[])[];
  readonly accepting: readonly boolean[];
  readonly loops: readonly Loop[];

  constructor(expression: Expression) {
    const draft = new Draft();
    const end = draft.add(expression, 0);
    const closures = draft.edges.map((_, state) => draft.closure(state));
    this.edges = closures.map((closure) => closure.flatMap((state) => draft.edges[state] ?? []));
    this.accepting = closures.map((closure) => closure.includes(end));
    this.loops = draft.loops;
  }
}

/** An automaton with empty steps, while it is built. */
class Draft {
  readonly edges: Edge[][] = [[]];
  readonly empty: number[][] = [[]];
  readonly loops: Loop[] = [];
  #inAddress = false;
  #wanted: string | undefined;

  /** Adds what is taken from a state on. @returns the state behind it */
  add(expression: Expression, from: number): number {
    switch (expression.kind) {
      case 'literal': {
        const wanted = this.#wanted ?? JSON.stringify(expression.text);
        const { text } = expression;
        let at = from;
        for (let index = 0; index < text.length; index++) {
          const isLast = index === text.length - 1 && this.#wanted === undefined;
          at = this.#step(at, singleCharacter(text.charAt(index)), wanted, isLast);
        }
        return at;
      }
      case 'repeat':
        return this.#repeat(expression, from);
      case 'sequence':
        return expression.of.reduce((at, one) => this.add(one, at), from);
      case 'choice': {
        const ends = expression.of.map((one) => this.add(one, this.#emptyStep(from)));
        const join = this.#state();
        for (const end of ends) this.empty[end]?.push(join);
        return join;
      }
      case 'capture': {
        const { name, is, of, behind } = expression;
        const outside = this.#wanted;
        this.#wanted = outside ?? is;
        this.#inAddress = name === 'address';
        let at = this.add(of, from);
        this.#inAddress = false;
        if (behind) at = this.add(behind, at);
        this.#wanted = outside;
        return at;
      }
    }
  }

  /** The state and those that empty steps lead to. */
  closure(state: number): readonly number[] {
    const found = new Set([state]);
    for (const one of found) for (const next of this.empty[one] ?? []) found.add(next);
    return [...found];
  }

  #repeat({ set: inside, min, max, without }: Repeat, from: number): number {
    const set = characterSet(inside);
    const wanted = this.#wanted ?? `[${inside}]`;
    if (without !== undefined) return this.#withoutPhrases({ set, min, wanted, without }, from);
    let at = from;
    for (let count = 0; count < min; count++) at = this.#step(at, set, wanted, count === 0);
    if (max - min > longestExact) {
      at = this.#emptyStep(at);
      this.edges[at]?.push(this.#edge(set, at, wanted, false));
      if (max > longestBounded) this.loops.push({ state: at, set });
      return this.#emptyStep(at);
    }
    const early = [at];
    for (let count = min; count < max; count++) {
      at = this.#step(at, set, wanted, false);
      early.push(at);
    }
    const end = this.#state();
    for (const state of early) this.empty[state]?.push(end);
    return end;
  }

  /** Free text that does not hold some phrases; it has no upper limit. */
  #withoutPhrases(
    given: { set: CharacterSet; min: number; wanted: string; without: readonly string[] },
    from: number,
  ): number {
    const { set, min, wanted, without } = given;
    const phrases = new PhraseMachine(without);
    const other = set.map((flag, code) => (phrases.codes.includes(code) ? 0 : flag));
    const first = this.#emptyStep(from);
    const states = Array.from({ length: phrases.size }, () => this.#state());
    const [begin = first] = states;
    this.loops.push({ state: begin, set, phrases });
    const leave = (state: number, at: number, isLandmark: boolean): void => {
      for (const code of phrases.codes) {
        const to = states[phrases.after(state, code)];
        if (to === undefined || set[code] !== 1) continue;
        const one = singleCharacter(String.fromCharCode(code));
        this.edges[at]?.push(this.#edge(one, to, wanted, isLandmark));
      }
      this.edges[at]?.push(this.#edge(other, begin, wanted, isLandmark));
    };
    leave(0, first, min > 0);
    for (const [state, at] of states.entries()) leave(state, at, false);
    const end = this.#state();
    for (const at of min > 0 ? states : [first, ...states]) this.empty[at]?.push(end);
    return end;
  }

  #step(from: number, set: CharacterSet, wanted: string, isLandmark: boolean): number {
    const to = this.#state();
    this.edges[from]?.push(this.#edge(set, to, wanted, isLandmark));
    return to;
  }

  #emptyStep(from: number): number {
    const to = this.#state();
    this.empty[from]?.push(to);
    return to;
  }

  #edge(set: CharacterSet, to: number, wanted: string, isLandmark: boolean): Edge {
    return { set, to, inAddress: this.#inAddress, wanted, isLandmark };
  }

  #state(): number {
    this.empty.push([]);
    return this.edges.push([]) - 1;
  }
}
