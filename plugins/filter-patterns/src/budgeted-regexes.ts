import { Worker } from 'node:worker_threads';
import type { Match } from '@remand/api';
import { cellCount, type RegexWork, slots } from './regex-work.ts';

export interface Budget {
  /** For one message, in ms. */
  readonly messageMs: number;
  /** So many times over it, and the regular expression is not used any more. */
  readonly overruns: number;
}

/** More do not fit the bits of `slots.off`. */
export const mostRegexes = 30;
/** As long as a line may be: `maxLine`. */
const mostBytes = 1_048_576;
const bootMs = 5_000;

/**
 * Regular expressions that may take any time, in a worker that is ended when they take too much.
 * Asking waits for the answer, so that lines stay in their order. One that is slow again and again
 * is switched off: each time costs the budget, and an attacker can choose the lines.
 */
export class BudgetedRegexes {
  readonly #work: RegexWork;
  readonly #budget: Budget;
  readonly #cells: Int32Array;
  readonly #bytes: Buffer;
  readonly #overruns: number[];
  #worker: Worker | undefined;

  constructor(sources: readonly string[], budget: Budget = { messageMs: 20, overruns: 5 }) {
    const control = new SharedArrayBuffer(cellCount * 4);
    this.#work = { sources, control, text: new SharedArrayBuffer(mostBytes) };
    this.#budget = budget;
    this.#cells = new Int32Array(control);
    this.#bytes = Buffer.from(this.#work.text);
    this.#overruns = sources.map(() => 0);
  }

  /**
   * The match of the first that fits, and which it was.
   * @throws Error, a sentence, when one took too long
   */
  match(message: string): { readonly index: number; readonly match: Match } | undefined {
    if (message.length > mostBytes || this.#overruns.every((_, index) => this.#isOff(index))) {
      return undefined;
    }
    this.#boot();
    const cells = this.#cells;
    cells[slots.length] = this.#bytes.write(message, 'latin1');
    Atomics.store(cells, slots.state, 1);
    Atomics.notify(cells, slots.state);
    if (Atomics.wait(cells, slots.state, 1, this.#budget.messageMs) === 'timed-out') {
      throw new Error(this.#overrun(message.length));
    }
    const [index = -1, from = 0, to = 0, userFrom = -1, userTo = -1] = cells.subarray(slots.found);
    if (index < 0) return undefined;
    const address = message.slice(from, to);
    const match = userFrom < 0 ? { address } : { address, user: message.slice(userFrom, userTo) };
    return { index, match };
  }

  close(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  #boot(): void {
    if (this.#worker) return;
    Atomics.store(this.#cells, slots.state, 1);
    // Beside this file as it was built, or as it was written.
    const name = import.meta.url.endsWith('.ts') ? './regex-worker.ts' : './regex-worker.js';
    const worker = new Worker(new URL(name, import.meta.url), { workerData: this.#work });
    worker.unref();
    // It is made anew for the next message.
    worker.on('error', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    this.#worker = worker;
    if (Atomics.wait(this.#cells, slots.state, 1, bootMs) !== 'timed-out') return;
    this.close();
    throw new Error('the worker for regular expressions does not start');
  }

  #overrun(length: number): string {
    this.close();
    const index = this.#cells[slots.trying] ?? 0;
    this.#overruns[index] = (this.#overruns[index] ?? 0) + 1;
    const isOff = this.#isOff(index);
    if (isOff) this.#cells[slots.off] = (this.#cells[slots.off] ?? 0) | (1 << index);
    const what = `regex ${JSON.stringify(this.#work.sources[index])?.slice(0, 80)}`;
    const took = `took more than ${this.#budget.messageMs} ms for ${length} characters`;
    return `${what} ${took}${isOff ? ', and is not used any more' : ''}`;
  }

  #isOff(index: number): boolean {
    return (this.#overruns[index] ?? 0) >= this.#budget.overruns;
  }
}
