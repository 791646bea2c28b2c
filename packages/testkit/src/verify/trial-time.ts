import { FakeClock, settle } from '../fake-clock.ts';
import type { Journal } from './journal.ts';

/** Longer than every deadline that the kernel gives a call, and than a ban of the trial. */
export const longMs = 61_000;
const mostRounds = 5;

/** The clock of the kernel, which stands still, and real time, which a plugin's work takes. */
export class TrialTime {
  readonly clock = new FakeClock();
  readonly #journal: Journal;
  readonly #patienceMs: number;

  /** @param patienceMs after which a call counts as hanging */
  constructor(journal: Journal, patienceMs: number) {
    this.#journal = journal;
    this.#patienceMs = patienceMs;
  }

  /** Lets time pass on the kernel's clock, and in the world until no call is under way. */
  async rest(ms = 0): Promise<void> {
    await this.clock.advanceAsync(ms);
    await this.#quiet();
  }

  /** Waits for work of the kernel, and helps it over calls that hang. */
  async pass(work: Promise<unknown>): Promise<void> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    await settle();
    // A call of ours that hangs has no deadline of the kernel's.
    for (let round = 0; !isOver && round < mostRounds; round++) {
      await this.#quiet();
      await this.clock.advanceAsync(isOver ? 0 : longMs);
    }
    await this.#quiet();
  }

  async #quiet(): Promise<void> {
    const end = performance.now() + this.#patienceMs;
    await settle();
    while (this.#journal.open.size > 0) {
      if (performance.now() >= end) return this.#journal.hang(this.#patienceMs);
      await realPause(1);
      await settle();
    }
  }
}

/** What a plugin does with the world takes real time. */
export function realPause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
