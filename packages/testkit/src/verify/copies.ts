import { isDeepStrictEqual } from 'node:util';
import type { Journal } from './journal.ts';

interface Copy {
  readonly method: string;
  readonly handed: unknown;
  readonly before: unknown;
}

/** Hands copies to a plugin that it can write into, and looks later whether it did. */
export class Copies {
  readonly #journal: Journal;
  readonly #copies: Copy[] = [];

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** A copy; what cannot be copied (a schema may give functions) is handed over as it is. */
  of(method: string, value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    try {
      const handed: unknown = structuredClone(value);
      this.#copies.push({ method, handed, before: structuredClone(handed) });
      return handed;
    } catch {
      return value;
    }
  }

  compare(): void {
    for (const { method, handed, before } of this.#copies) {
      if (isDeepStrictEqual(handed, before)) continue;
      this.#journal.add(
        'PLUGIN_MUTATION',
        { method, phase: method === 'create' ? 'create' : 'work' },
        `it changed what ${method} was given`,
        'copy what you want to change: the kernel and other plugins use it too, and it is frozen there',
      );
    }
  }
}
