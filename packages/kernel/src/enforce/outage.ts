import type { Clock, Logger } from '@remand/api';
import { Alarm } from './alarm.ts';
import { backOffMs } from './back-off.ts';
import { troubleOf } from './list-down.ts';

/** The times in which a list as a whole does not work. */
export class Outage {
  readonly #list: string;
  readonly #logger: Logger;
  readonly #nextTry: Alarm;
  #trouble: { readonly reason: string; readonly hint: string } | undefined;
  #failures = 0;

  constructor(given: {
    readonly list: string;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly tryAgain: () => void;
  }) {
    this.#list = given.list;
    this.#logger = given.logger;
    this.#nextTry = new Alarm(given.clock, given.tryAgain);
  }

  /** What is wrong; it stands until a try has done everything that was to do. */
  get trouble(): { readonly reason: string; readonly hint: string } | undefined {
    return this.#trouble;
  }

  /** @returns the reason, and whether it is not the first failure in a row */
  failed(error: unknown): { readonly reason: string; readonly isLasting: boolean } {
    const before = this.#trouble?.reason;
    this.#trouble = troubleOf(error);
    this.#failures++;
    this.#nextTry.set(backOffMs(this.#failures));
    const { reason } = this.#trouble;
    if (reason !== before) {
      this.#logger.warn('list-degraded', { list: this.#list, ...this.#trouble });
    }
    return { reason, isLasting: this.#failures > 1 };
  }

  over(): void {
    this.#nextTry.clear();
    this.#trouble = undefined;
    this.#failures = 0;
  }
}
