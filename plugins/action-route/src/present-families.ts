import type { CommandError, Logger, RunOptions } from '@remand/api';
import { type Family, families } from './layout.ts';
import { type FamilyState, isFamilyMissing, type Routes } from './routes.ts';

/** Reads the families that this machine has, and remembers why the others are missing. */
export class PresentFamilies {
  readonly #routes: Routes;
  readonly #list: string;
  readonly #logger: Logger;
  readonly #missing = new Map<Family, string>();

  constructor(given: { readonly routes: Routes; readonly list: string; readonly logger: Logger }) {
    this.#routes = given.routes;
    this.#list = given.list;
    this.#logger = given.logger;
  }

  whyMissing(family: Family): string | undefined {
    return this.#missing.get(family);
  }

  /** @throws when there is none, or one cannot be read */
  async read(run: RunOptions): Promise<ReadonlyMap<Family, FamilyState>> {
    const states = new Map<Family, FamilyState>();
    const missing = new Map<Family, CommandError>();
    for (const family of families) {
      try {
        states.set(family, await this.#routes.read(family, run));
        this.#missing.delete(family);
      } catch (error) {
        if (!isFamilyMissing(error)) throw error;
        missing.set(family, error);
      }
    }
    if (states.size === 0) throw missing.get(4);
    for (const [family, error] of missing) this.#tell(family, error);
    return states;
  }

  #tell(family: Family, { message: reason, hint }: CommandError): void {
    if (this.#missing.get(family) === reason) return;
    this.#missing.set(family, reason);
    const fields = { list: this.#list, family: `IPv${family}`, reason, hint };
    this.#logger.warn('family-unavailable', fields);
  }
}
