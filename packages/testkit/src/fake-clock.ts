import { type CancelTimer, type Clock, InternalError } from '@remand/api';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** More timers than this in one call means that timers start each other without end. */
const mostTimers = 1_000_000;

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #wall: number;
  #monotonic = 0;
  // In the order in which they were made: the first of several with an equal time fires first.
  readonly #timers = new Set<Timer>();

  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#wall = startMs;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(delayMs: number, callback: () => void): CancelTimer {
    const timer = { at: this.#monotonic + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Timers that have not fired and were not stopped. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Moves both clocks, firing what becomes due, in order, each at its own time. */
  advance(ms: number): void {
    const end = this.#monotonic + ms;
    for (let fired = 0; this.#fireNext(end); fired++) refuseEndless(fired);
    this.#moveTo(end);
  }

  /** Like `advance`, but what a timer starts asynchronously goes on before the next one fires. */
  async advanceAsync(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await settle();
    for (let fired = 0; this.#fireNext(end); fired++) {
      refuseEndless(fired);
      await settle();
    }
    this.#moveTo(end);
    await settle();
  }

  /** Steps the wall clock alone, as an administrator does; no timer notices. */
  setWall(ms: number): void {
    this.#wall = ms;
  }

  #fireNext(end: number): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer;
    }
    if (next === undefined) return false;
    this.#timers.delete(next);
    this.#moveTo(Math.max(this.#monotonic, next.at));
    next.callback();
    return true;
  }

  #moveTo(monotonic: number): void {
    this.#wall += monotonic - this.#monotonic;
    this.#monotonic = monotonic;
  }
}

/** Lets promises and immediates that are ready go on. No time passes on any clock. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

function refuseEndless(fired: number): void {
  if (fired > mostTimers) throw new InternalError('timers start each other without end');
}
