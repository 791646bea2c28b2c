import type { Clock } from '@remand/api';
import { withDeadline } from '../plugins/with-deadline.ts';

export interface Disposable {
  /** For messages: `action nftables/sshd`. */
  readonly name: string;
  readonly dispose: () => Promise<void> | void;
}

/**
 * Releases what was made in reverse order, one at a time, each within a deadline. A throw or a
 * hang of one is gathered and the others still get their turn. A second call does nothing.
 */
export class DisposalStack {
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  #items: Disposable[] = [];

  constructor(clock: Clock, deadlineMs: number) {
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
  }

  add(item: Disposable): void {
    this.#items.push(item);
  }

  /** @returns what went wrong, in the order in which it did */
  async disposeAll(): Promise<readonly { readonly name: string; readonly error: unknown }[]> {
    const items = this.#items.reverse();
    this.#items = [];
    const failures: { name: string; error: unknown }[] = [];
    for (const { name, dispose } of items) {
      try {
        await withDeadline(
          { clock: this.#clock, deadlineMs: this.#deadlineMs, what: `${name}: dispose` },
          async () => dispose(),
        );
      } catch (error) {
        failures.push({ name, error });
      }
    }
    return failures;
  }
}
