import {
  type CancelTimer,
  type Clock,
  type CommandRunner,
  type CommandStream,
  type Logger,
  reasonOf,
} from '@remand/api';
import { parseEvent, type TableEvent } from './table-event.ts';

export interface MonitorGiven {
  readonly commands: CommandRunner;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onEvent: (event: TableEvent) => void;
  /** Events were missed for a while. */
  readonly onGap: () => void;
}

const restartAfterMs = 10_000;
/** Longer than a monitor takes to listen; two that overlap print the same events twice. */
const overlapMs = 1_000;

/** Follows `nft monitor destroy`: what is deleted, by a flush too, but not what expires. */
export class Monitor {
  readonly #given: MonitorGiven;
  readonly #streams = new Set<CommandStream>();
  readonly #timers = new Set<CancelTimer>();
  #isStopped = false;

  constructor(given: MonitorGiven) {
    this.#given = given;
    void this.#follow();
  }

  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#timers) cancel();
    for (const stream of this.#streams) void stream.stop();
  }

  async #follow(): Promise<void> {
    const { commands, logger, onEvent, onGap } = this.#given;
    let isReplaced = false;
    try {
      const stream = commands.stream(['nft', 'monitor', 'destroy']);
      this.#streams.add(stream);
      for await (const line of stream.lines) {
        if (this.#isStopped) break;
        const event = parseEvent(line);
        if (!event) continue;
        onEvent(event);
        // When a rule goes, nft 1.0.6 forgets the sets that it names and is blind to what
        // happens in them ("Received event for an unknown set"); a new monitor is not.
        if (event.kind === 'rule' && !isReplaced) {
          isReplaced = true;
          void this.#follow();
          this.#after(overlapMs, () => void stream.stop());
        }
      }
      this.#streams.delete(stream);
      const { exitCode, stderr } = await stream.exited;
      if (!this.#isStopped && !isReplaced) logger.debug('nft-monitor-ended', { exitCode, stderr });
    } catch (error) {
      logger.debug('nft-monitor-failed', { reason: reasonOf(error) });
    }
    if (isReplaced || this.#isStopped) return;
    this.#after(restartAfterMs, () => {
      void this.#follow();
      this.#after(overlapMs, onGap);
    });
  }

  #after(delayMs: number, callback: () => void): void {
    const cancel = this.#given.clock.after(delayMs, () => {
      this.#timers.delete(cancel);
      callback();
    });
    this.#timers.add(cancel);
  }
}
