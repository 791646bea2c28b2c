interface Entry {
  readonly endsAt: number;
  /** False once a hold may have taken it over: then it is remand's, or not. */
  readonly isSure: boolean;
}

/** The entries of somebody else in lists that remand shares with others. */
export class Foreign {
  readonly #byList = new Map<string, Map<string, Entry>>();

  add(list: string, target: string, endsAt: number): void {
    this.#of(list).set(target, { endsAt, isSure: true });
  }

  /** It is there already, as somebody else's or as a leftover of ours. */
  prolong(list: string, target: string, endsAt: number): void {
    const { isSure = false } = this.#of(list).get(target) ?? {};
    this.#of(list).set(target, { endsAt, isSure });
  }

  forget(list: string, target: string): void {
    this.#of(list).delete(target);
  }

  forgetAll(list: string): void {
    this.#of(list).clear();
  }

  /** The daemon died in the middle of something. */
  doubt(isHeld: (list: string, target: string) => boolean): void {
    for (const [list, entries] of this.#byList) {
      for (const [target, entry] of entries) {
        if (isHeld(list, target)) entries.set(target, { ...entry, isSure: false });
      }
    }
  }

  /** A hold that lasts longer than the entry takes it over; a shorter one leaves it alone. */
  update(
    list: string,
    given: {
      readonly now: number;
      readonly there: ReadonlySet<string>;
      readonly wanted: ReadonlyMap<string, number>;
    },
  ): void {
    const entries = this.#of(list);
    for (const [target, entry] of entries) {
      const { endsAt, isSure } = entry;
      const until = given.wanted.get(target) ?? 0;
      const isOver = endsAt <= given.now;
      const isGone = !isSure && !given.there.has(target);
      if (isOver || isGone) entries.delete(target);
      else if (until > endsAt) entries.set(target, { endsAt, isSure: false });
    }
  }

  mayBe(list: string, target: string): boolean {
    return this.#of(list).has(target);
  }

  surely(list: string): readonly string[] {
    return [...this.#of(list)].flatMap(([target, { isSure }]) => (isSure ? [target] : []));
  }

  ends(): readonly number[] {
    return [...this.#byList.values()].flatMap((entries) =>
      [...entries.values()].map(({ endsAt }) => endsAt),
    );
  }

  #of(list: string): Map<string, Entry> {
    const known = this.#byList.get(list) ?? new Map<string, Entry>();
    this.#byList.set(list, known);
    return known;
  }
}
