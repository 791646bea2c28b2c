/**
 * Reads text and notices when it holds one of some phrases: the machine of Aho and Corasick,
 * "Efficient String Matching", 1975. State 0 is the beginning; a state stands for the longest end of
 * what was read with which a phrase begins.
 */
export class PhraseMachine {
  /** The characters on which the states differ. */
  readonly codes: readonly number[];
  readonly #next: readonly ReadonlyMap<number, number>[];

  /** @param phrases of two or more characters each */
  constructor(phrases: readonly string[]) {
    const prefixes = new Set(['']);
    for (const phrase of phrases) {
      for (let length = 1; length < phrase.length; length++) prefixes.add(phrase.slice(0, length));
    }
    const states = [...prefixes];
    this.codes = [...new Set(phrases.flatMap((phrase) => [...phrase]))].map((one) =>
      one.charCodeAt(0),
    );
    this.#next = states.map(
      (state) =>
        new Map(
          this.codes.map((code) => {
            const text = state + String.fromCharCode(code);
            if (phrases.some((phrase) => text.endsWith(phrase))) return [code, -1];
            let end = text;
            while (!prefixes.has(end)) end = end.slice(1);
            return [code, states.indexOf(end)];
          }),
        ),
    );
  }

  get size(): number {
    return this.#next.length;
  }

  /** The state behind a character; -1 when the text holds a phrase now. */
  after(state: number, code: number): number {
    return this.#next[state]?.get(code) ?? 0;
  }
}
