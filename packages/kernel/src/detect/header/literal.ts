/**
 * Text that lines are compared with, as character codes: a loop over them costs a third of
 * `startsWith`, and every line pays for it.
 */
export class Literal {
  readonly #codes: Uint16Array;
  #length = 0;

  /** `most`: the most characters that it can hold. */
  constructor(most: number) {
    this.#codes = new Uint16Array(most);
  }

  static of(text: string): Literal {
    const literal = new Literal(text.length);
    literal.set(text, 0, text.length);
    return literal;
  }

  get length(): number {
    return this.#length;
  }

  /** Takes the text at [start, end); nothing when that is too long. */
  set(text: string, start: number, end: number): void {
    const length = end - start;
    this.#length = length > this.#codes.length ? 0 : length;
    for (let index = 0; index < this.#length; index++) {
      this.#codes[index] = text.charCodeAt(start + index);
    }
  }

  /** From its end on, where the times of two lines differ. */
  standsAt(text: string, at: number): boolean {
    const codes = this.#codes;
    for (let index = this.#length - 1; index >= 0; index--) {
      if (text.charCodeAt(at + index) !== codes[index]) return false;
    }
    return true;
  }
}
