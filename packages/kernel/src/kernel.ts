import {
  CommandError,
  type ControlApi,
  InternalError,
  type KernelConfig,
  type LedgerEntry,
  type Logger,
} from '@remand/api';
import { Builder } from './build.ts';
import { silentLogger, systemClock } from './defaults.ts';
import { Engine } from './engine.ts';
import { droppedLists, type Generation } from './generation.ts';
import type { CreateKernel, Kernel, KernelGiven, ReloadReport } from './kernel-contract.ts';
import { withDeadline } from './plugins/with-deadline.ts';
import { reloadChanges } from './reload-report.ts';

const stopDeadlineMs = 10_000;

/** Builds a kernel from its configuration; see `CreateKernel`. */
export const createKernel: CreateKernel = async (given) => {
  const builder = new Builder(given);
  return new RemandKernel(given, builder, await builder.build(given.config));
};

class RemandKernel implements Kernel {
  readonly #given: KernelGiven;
  readonly #builder: Builder;
  readonly #logger: Logger;
  readonly #first: Generation;
  readonly #listeners = new Set<(entries: readonly LedgerEntry[]) => void>();
  #engine: Engine | undefined;
  /** Reloads, and what a start leaves to do, one after the other. Never rejects. */
  #turn: Promise<unknown> = Promise.resolve();
  #stopping: Promise<void> | undefined;

  constructor(given: KernelGiven, builder: Builder, first: Generation) {
    this.#given = given;
    this.#builder = builder;
    this.#first = first;
    this.#logger = given.logger ?? silentLogger;
  }

  get control(): ControlApi {
    return this.#running.control;
  }

  onEntries(listener: (entries: readonly LedgerEntry[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async start(): Promise<void> {
    const engine = new Engine(this.#given, this.#builder, this.#first, (entries) => {
      for (const listener of this.#listeners) listener(entries);
    });
    try {
      await engine.start();
    } catch (error) {
      // Lists and notifiers may be at work already.
      await engine.stop(stopDeadlineMs, false);
      throw error;
    }
    this.#engine = engine;
    const { holds, ledger } = engine.parts;
    const { version } = this.#given;
    this.#logger.info('started', { version, holds: holds.size, state: ledger.path });
    engine.stranded();
    void this.#inTurn(() => engine.emptyRetired());
  }

  reload(config: KernelConfig): Promise<ReloadReport> {
    return this.#inTurn(() => this.#reload(config));
  }

  stop(options: { readonly deadlineMs?: number; readonly flush?: boolean } = {}): Promise<void> {
    this.#stopping ??= this.#stop(options.deadlineMs ?? stopDeadlineMs, options.flush ?? false);
    return this.#stopping;
  }

  get #running(): Engine {
    if (!this.#engine) throw new InternalError('the kernel is not running');
    return this.#engine;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #reload(config: KernelConfig): Promise<ReloadReport> {
    const engine = this.#running;
    const before = engine.generation;
    this.#refuseWhenStopping();
    const next = await this.#builder.build(config, before);
    try {
      this.#refuseWhenStopping();
      await engine.prepare(next);
      this.#refuseWhenStopping();
    } catch (error) {
      await this.#builder.release(next, before);
      throw error;
    }
    await engine.swap(next);
    await this.#releaseAfter(before, next);
    const emptied = await engine.emptyRetired();
    return { ...reloadChanges(before, next), emptied, stranded: engine.stranded() };
  }

  /** Lists that are still to be emptied keep their actions. */
  #releaseAfter(before: Generation, next: Generation): Promise<void> {
    const dropped = droppedLists(before, next);
    const instances = before.instances.filter(
      ({ kind, place }) => kind !== 'action' || !dropped.has(place),
    );
    return this.#builder.release({ instances }, next);
  }

  #refuseWhenStopping(): void {
    if (!this.#stopping) return;
    throw new CommandError('REFUSED', 'remand is being stopped: nothing was reloaded', {
      hint: 'the next start reads the configuration',
    });
  }

  async #stop(deadlineMs: number, flush: boolean): Promise<void> {
    const { clock = systemClock } = this.#given;
    await this.#engine?.stop(deadlineMs, flush);
    // A reload under way ends by itself now, unless a plugin hangs while it is imported.
    const given = { clock, deadlineMs: deadlineMs / 4, what: 'the reload under way' };
    await withDeadline(given, () => this.#turn).catch(() => undefined);
    await this.#builder.dispose();
  }
}
