import type { Clock } from './clock.ts';

export interface GathererGiven<Item> {
  readonly clock: Clock;
  /** How many items may wait while others are handed over. */
  readonly most: number;
  /** Takes what has been gathered; called again only after it has resolved. */
  readonly hand: (items: readonly Item[]) => Promise<void>;
  /** Batches follow each other no faster than this, unless enough waits. Default 20. */
  readonly pauseMs?: number;
}

/**
 * Gathers what arrives bit by bit and hands it over batch by batch. For sources whose lines come
 * one at a time: what comes after a silence is handed over at once, what comes fast in batches that
 * are worth a transaction each.
 */
export class Gatherer<Item> {
  readonly #given: GathererGiven<Item>;
  #waiting: Item[] = [];
  #work: Promise<void> | undefined;
  #handedAt = Number.NEGATIVE_INFINITY;
  #full = Promise.withResolvers<void>();
  #room = Promise.withResolvers<void>();
  #failure: { readonly error: unknown } | undefined;

  constructor(given: GathererGiven<Item>) {
    this.#given = given;
  }

  /** How many items wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Adds an item, which is handed over soon.
   * @returns a promise when enough waits: add no more before it resolves, or drop what comes
   * @throws what `hand` threw before
   */
  add(item: Item): Promise<void> | undefined {
    if (this.#failure) throw this.#failure.error;
    this.#waiting.push(item);
    this.#work ??= this.#run();
    if (this.#waiting.length < this.#given.most) return undefined;
    this.#full.resolve();
    return this.#room.promise;
  }

  /**
   * Resolves when everything that was added is handed over.
   * @throws what `hand` threw; nothing is handed over after that
   */
  async settled(): Promise<void> {
    this.#full.resolve();
    await this.#work;
    if (this.#failure) throw this.#failure.error;
  }

  async #run(): Promise<void> {
    const { clock, hand } = this.#given;
    try {
      while (this.#waiting.length > 0) {
        await this.#pause();
        const items = this.#waiting;
        this.#waiting = [];
        this.#room.resolve();
        this.#room = Promise.withResolvers<void>();
        this.#full = Promise.withResolvers<void>();
        await hand(items);
        this.#handedAt = clock.monotonic();
      }
    } catch (error) {
      this.#failure = { error };
      this.#room.resolve();
    } finally {
      this.#work = undefined;
    }
  }

  async #pause(): Promise<void> {
    const { clock, pauseMs = 20 } = this.#given;
    const leftMs = pauseMs - (clock.monotonic() - this.#handedAt);
    if (leftMs > 0 && this.#waiting.length < this.#given.most) {
      const over = Promise.withResolvers<void>();
      const cancel = clock.after(leftMs, over.resolve);
      await Promise.race([over.promise, this.#full.promise]);
      cancel();
    } else {
      // What arrived together is handed over together.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
}
