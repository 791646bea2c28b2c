import type { Logger } from '@remand/api';
import type { ProcessMemory } from './process-memory.ts';

const lookEveryMs = 5_000;
/** A pause is worth this much memory. */
const worthBytes = 32 * 1024 * 1024;
/** Busier than this since the last look, the process is left alone. */
const quietMs = 0.05 * lookEveryMs;
/** No two pauses come closer together. */
const restMs = 60_000;

/**
 * Gives back what a restore, a burst or a flood has left behind: V8 keeps it for the next one,
 * more than the live bans take up themselves. Only in a quiet moment, so that no ban waits.
 */
export class MemoryKeeper {
  readonly #memory: ProcessMemory;
  readonly #logger: Logger;
  #settledRss: number;
  #busyMs: number;
  #sinceReleaseMs = restMs;
  #timer: NodeJS.Timeout | undefined;

  constructor(given: { readonly memory: ProcessMemory; readonly logger: Logger }) {
    this.#memory = given.memory;
    this.#logger = given.logger;
    this.#settledRss = given.memory.rss();
    this.#busyMs = given.memory.busyMs();
  }

  start(): void {
    this.#timer ??= setInterval(() => this.look(), lookEveryMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** One look, every five seconds. */
  look(): void {
    const busyMs = this.#memory.busyMs();
    const isQuiet = busyMs - this.#busyMs < quietMs;
    this.#busyMs = busyMs;
    this.#sinceReleaseMs += lookEveryMs;
    const before = this.#memory.rss();
    const isWorthIt = before - this.#settledRss >= worthBytes;
    if (!isQuiet || !isWorthIt || this.#sinceReleaseMs < restMs) return;
    this.#memory.release();
    this.#settledRss = this.#memory.rss();
    this.#sinceReleaseMs = 0;
    this.#busyMs = this.#memory.busyMs();
    const mb = (bytes: number) => Math.round(bytes / 1024 / 1024);
    this.#logger.debug('memory-released', { beforeMb: mb(before), afterMb: mb(this.#settledRss) });
  }
}
