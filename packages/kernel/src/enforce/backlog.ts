import type { Target } from '@remand/api';

/** What of a list waits to be looked at. */
export class Backlog {
  /** Newly decided. */
  #fresh = new Set<Target>();
  /** What a comparison is about. */
  #older = new Set<Target>();
  /** What was refused; on its own, so that it cannot spoil the batch of what is new. */
  #again = new Set<Target>();
  #inFlight: ReadonlySet<Target> = new Set();

  get size(): number {
    return this.#fresh.size + this.#older.size + this.#inFlight.size;
  }

  has(target: Target): boolean {
    return this.#fresh.has(target) || this.#older.has(target) || this.#inFlight.has(target);
  }

  addFresh(target: Target): void {
    this.#fresh.add(target);
  }

  addOlder(targets: Iterable<Target>): void {
    for (const target of targets) this.#older.add(target);
  }

  addAgain(targets: Iterable<Target>): void {
    for (const target of targets) this.#again.add(target);
  }

  /** Passes all that waits to `enforce`, second tries last. @returns false when nothing waits */
  async take(
    enforce: (targets: Iterable<Target>, fresh: ReadonlySet<Target>) => Promise<void>,
  ): Promise<boolean> {
    if (this.#fresh.size + this.#older.size > 0) {
      const fresh = this.#fresh;
      this.#inFlight = this.#older.size === 0 ? fresh : fresh.union(this.#older);
      this.#fresh = new Set();
      this.#older = new Set();
      try {
        await enforce(this.#inFlight, fresh);
      } catch (error) {
        // They stay new decisions after the next start of the list.
        for (const target of fresh) this.#fresh.add(target);
        throw error;
      } finally {
        this.#inFlight = new Set();
      }
      return true;
    }
    if (this.#again.size === 0) return false;
    const again = this.#again;
    this.#again = new Set();
    await enforce(again, again);
    return true;
  }

  clear(): void {
    for (const set of [this.#fresh, this.#older, this.#again]) set.clear();
  }
}
