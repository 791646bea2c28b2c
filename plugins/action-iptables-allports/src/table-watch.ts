import type { CancelTimer, Clock, CommandRunner } from '@remand/api';
import type { FilterTable } from './filter-table.ts';
import { type Family, families } from './layout.ts';
import type { Tables } from './tables.ts';

/** A list that wants to hear of what others do to it. */
export interface Watcher {
  readonly tables: Tables;
  /** Whether a table, undefined where it cannot be read, is as the list left it. */
  readonly isWhole: (family: Family, table: FilterTable | undefined) => boolean;
  readonly onChange: (what: string) => void;
}

export interface TableWatchGiven {
  readonly commands: CommandRunner;
  readonly clock: Clock;
}

const probeEveryMs = 5_000;
const probeTimeoutMs = 10_000;
/** A probe does not look into the sets: once a minute the list is asked to be read as a whole. */
const probesBetweenReads = 12;

// By runner, so that the lists of a daemon share the probes, and two daemons in a process do not.
const watches = new WeakMap<CommandRunner, TableWatch>();

/** Tells a list of what others do to it until `signal` aborts. */
export function watchTables(given: TableWatchGiven, watcher: Watcher, signal: AbortSignal): void {
  let watch = watches.get(given.commands);
  if (!watch) {
    watch = new TableWatch(given);
    watches.set(given.commands, watch);
  }
  watch.add(watcher, signal);
}

/** Iptables tells nobody of a change: a look at each table every five seconds, for all lists. */
class TableWatch {
  readonly #clock: Clock;
  readonly #watchers = new Set<Watcher>();
  #cancelProbe: CancelTimer | undefined;
  #probes = 0;

  constructor({ clock }: TableWatchGiven) {
    this.#clock = clock;
  }

  add(watcher: Watcher, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#watchers.add(watcher);
    signal.addEventListener('abort', () => this.#remove(watcher), { once: true });
    if (!this.#cancelProbe) this.#probeLater();
  }

  #remove(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size > 0) return;
    this.#cancelProbe?.();
    this.#cancelProbe = undefined;
  }

  #probeLater(): void {
    const cancel = this.#clock.after(probeEveryMs, async () => {
      await this.#probe();
      if (this.#cancelProbe === cancel) this.#probeLater();
    });
    this.#cancelProbe = cancel;
  }

  async #probe(): Promise<void> {
    const tables = new Map<string, FilterTable | undefined>();
    const isTimeToRead = ++this.#probes % probesBetweenReads === 0;
    for (const { tables: its, isWhole, onChange } of [...this.#watchers]) {
      const changed: Family[] = [];
      for (const family of families) {
        const program = its.program(family);
        if (!tables.has(program)) tables.set(program, await read(its, family));
        if (!isWhole(family, tables.get(program))) changed.push(family);
      }
      if (changed.length > 0) onChange(`the table filter of IPv${changed.join(' and IPv')}`);
      else if (isTimeToRead) onChange('a minute has passed');
    }
  }
}

async function read(tables: Tables, family: Family): Promise<FilterTable | undefined> {
  try {
    return await tables.read(family, { timeoutMs: probeTimeoutMs });
  } catch {
    // `list` will find out why and say it.
    return undefined;
  }
}
