import type { Clock } from '@remand/api';
import { withDeadline } from '../plugins/with-deadline.ts';

export interface Disposable {
  /** For messages: `action nftables/sshd`. */
  readonly name: string;
  readonly dispose: () => Promise<void> | void;
}

export interface DisposalFailure {
  readonly name: string;
  readonly error: unknown;
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
  disposeAll(): Promise<readonly DisposalFailure[]> {
    return this.dispose(this.#items);
  }

  /** Releases these, in reverse order of their making; what was released before is passed over. */
  async dispose(chosen: Iterable<Disposable>): Promise<readonly DisposalFailure[]> {
    const wanted = new Set(chosen);
    const items = this.#items.filter((item) => wanted.has(item)).reverse();
    this.#items = this.#items.filter((item) => !wanted.has(item));
    const failures: DisposalFailure[] = [];
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
