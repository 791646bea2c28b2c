/** Stops a timer. Calling it twice, or after the timer fired, does nothing. */
export type CancelTimer = () => void;

/** The only source of time in the kernel and in plugins; tests inject one that they move by hand. */
export interface Clock {
  /** Wall-clock time in milliseconds since the epoch. It can jump when an administrator sets it. */
  now(): number;
  /** Milliseconds since an arbitrary start, never going back. Measure durations with this one. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs`. The timer does not keep the process alive. */
  after(delayMs: number, callback: () => void): CancelTimer;
}
