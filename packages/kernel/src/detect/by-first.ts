/** Items of texts, by the first character: one look instead of a loop over all. */
export class ByFirst<T> {
  readonly #byCode: (readonly T[] | undefined)[] = [];
  /** Those that may begin with anything. */
  readonly #anywhere: readonly T[];

  /** `startsOf`: what an item's texts begin with; the empty text stands for anything. */
  constructor(items: readonly T[], startsOf: (item: T) => readonly string[]) {
    const isAnywhere = (item: T): boolean => startsOf(item).includes('');
    this.#anywhere = items.filter(isAnywhere);
    for (const item of items) {
      for (const start of startsOf(item)) {
        const code = start.charCodeAt(0);
        if (start === '' || this.#byCode[code] !== undefined) continue;
        this.#byCode[code] = items.filter(
          (one) => isAnywhere(one) || startsOf(one).some((text) => text.charCodeAt(0) === code),
        );
      }
    }
  }

  /** In their order; `code`: of the first character, NaN where there is none. */
  get(code: number): readonly T[] {
    return this.#byCode[code] ?? this.#anywhere;
  }
}
