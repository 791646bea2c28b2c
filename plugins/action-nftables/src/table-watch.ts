import type { CancelTimer, Clock, CommandRunner, Logger } from '@remand/api';
import { Monitor } from './monitor.ts';
import { readTable } from './read-table.ts';
import type { TableEvent } from './table-event.ts';

/** A list that wants to hear of what others do to it. */
export interface Watcher {
  /** Whether a deletion concerns the list and was not its own. */
  readonly isForeign: (event: TableEvent) => boolean;
  /** Whether a terse listing of the table holds all that the list needs. */
  readonly isWhole: (table: string) => boolean;
  readonly onChange: (what: string) => void;
}

export interface TableWatchGiven {
  readonly commands: CommandRunner;
  readonly clock: Clock;
  readonly logger: Logger;
}

const probeEveryMs = 5_000;
const probeTimeoutMs = 10_000;

// By runner, so that the lists of a daemon share a monitor (which keeps every element of the
// ruleset in memory: 68 MB for 100 000), and two daemons in a process do not.
const watches = new WeakMap<CommandRunner, TableWatch>();

/** Tells a list of what others do to it until `signal` aborts. */
export function watchTable(given: TableWatchGiven, watcher: Watcher, signal: AbortSignal): void {
  let watch = watches.get(given.commands);
  if (!watch) {
    watch = new TableWatch(given);
    watches.set(given.commands, watch);
  }
  watch.add(watcher, signal);
}

/**
 * One monitor for all lists, which tells of deletions as they happen, and a look at the table
 * without its elements every five seconds, which finds what the monitor missed.
 */
class TableWatch {
  readonly #given: TableWatchGiven;
  readonly #watchers = new Set<Watcher>();
  #monitor: Monitor | undefined;
  #cancelProbe: CancelTimer = () => undefined;

  constructor(given: TableWatchGiven) {
    this.#given = given;
  }

  add(watcher: Watcher, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#watchers.add(watcher);
    signal.addEventListener('abort', () => this.#remove(watcher), { once: true });
    if (this.#monitor) return;
    this.#monitor = new Monitor({
      ...this.#given,
      onEvent: (event) => this.#tell(event),
      onGap: () => this.#tellAll('the monitor of nftables was away'),
    });
    this.#probeLater();
  }

  #remove(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size > 0) return;
    this.#monitor?.stop();
    this.#monitor = undefined;
    this.#cancelProbe();
  }

  #tell(event: TableEvent): void {
    for (const { isForeign, onChange } of this.#watchers) {
      if (isForeign(event)) onChange(`${event.kind} deleted`);
    }
  }

  #tellAll(what: string): void {
    for (const { onChange } of this.#watchers) onChange(what);
  }

  #probeLater(): void {
    const monitor = this.#monitor;
    this.#cancelProbe = this.#given.clock.after(probeEveryMs, async () => {
      await this.#probe();
      if (monitor === this.#monitor && monitor) this.#probeLater();
    });
  }

  async #probe(): Promise<void> {
    try {
      const table = await readTable(this.#given.commands, { timeoutMs: probeTimeoutMs });
      for (const { isWhole, onChange } of this.#watchers) {
        if (!isWhole(table ?? '')) onChange('the table is not whole');
      }
    } catch {
      // No nft, no permission: `list` will find out which and say it.
      this.#tellAll('the table cannot be read');
    }
  }
}
