import {
  type Clock,
  type ControlApi,
  InternalError,
  type LedgerEntry,
  type Logger,
  printable,
  reasonOf,
} from '@remand/api';
import { assemble } from './assemble.ts';
import { type Built, build } from './build.ts';
import { controlApi } from './control/control-api.ts';
import { silentLogger, systemClock } from './defaults.ts';
import { type Dispatch, dispatchTo } from './detect/dispatch.ts';
import { expiry } from './end-holds.ts';
import type { CreateKernel, Kernel, KernelGiven } from './kernel-contract.ts';
import type { Ledger } from './ledger/ledger.ts';
import { openLedger } from './ledger/open-ledger.ts';
import { liftForbidden } from './lift-forbidden.ts';
import { LineBatches } from './line-batches.ts';
import { localMachine } from './never-ban/local-machine.ts';
import { refreshInTime } from './never-ban/refresh-in-time.ts';
import type { KernelParts } from './parts.ts';
import { rebuildWindows } from './rebuild-windows.ts';
import { recoverHolds } from './recover-holds.ts';
import { SourceHub } from './sources/source-hub.ts';
import { Ticker } from './ticker.ts';

const stopDeadlineMs = 10_000;

/** Builds a kernel from its configuration; see `CreateKernel`. */
export const createKernel: CreateKernel = async (given) =>
  new RemandKernel(given, await build(given));

class RemandKernel implements Kernel {
  readonly #given: KernelGiven;
  readonly #built: Built;
  readonly #logger: Logger;
  readonly #early = new Set<(entries: readonly LedgerEntry[]) => void>();
  #running: Running | undefined;
  #stopping: Promise<void> | undefined;

  constructor(given: KernelGiven, built: Built) {
    this.#given = given;
    this.#built = built;
    this.#logger = given.logger ?? silentLogger;
  }

  get control(): ControlApi {
    if (!this.#running) throw new InternalError('the kernel is not running');
    return this.#running.control;
  }

  onEntries(listener: (entries: readonly LedgerEntry[]) => void): () => void {
    this.#early.add(listener);
    return () => this.#early.delete(listener);
  }

  async start(): Promise<void> {
    this.#running = await startParts(this.#given, this.#built, (entries) => {
      for (const listener of this.#early) listener(entries);
    });
  }

  stop(options: { readonly deadlineMs?: number; readonly flush?: boolean } = {}): Promise<void> {
    this.#stopping ??= this.#stop(options.deadlineMs ?? stopDeadlineMs, options.flush ?? false);
    return this.#stopping;
  }

  async #stop(deadlineMs: number, flush: boolean): Promise<void> {
    const running = this.#running;
    if (running) {
      const { parts, sources, ticker } = running;
      ticker.stop();
      parts.stillSeen.stop();
      await this.#step('sources', () => sources.stop(deadlineMs / 3));
      await this.#step('enforcement', () => parts.enforcer.stop(deadlineMs / 3, { flush }));
      await this.#step('notifications', () => parts.queue.stop(deadlineMs / 4));
      await this.#step('ledger', async () => {
        if (!parts.writer.flush()) {
          this.#logger.error('stopped-with-unwritten-entries', {
            unrecorded: parts.writer.unrecorded,
          });
        }
        parts.ledger.close();
      });
    }
    for (const { name, error } of await this.#built.disposals.disposeAll()) {
      this.#logger.warn('dispose-failed', { plugin: name, reason: printable(reasonOf(error)) });
    }
  }

  async #step(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger.error('stop-failed', { what, reason: printable(reasonOf(error)) });
    }
  }
}

interface Running {
  readonly parts: KernelParts;
  readonly control: ControlApi;
  readonly sources: SourceHub;
  readonly ticker: Ticker;
}

type Tell = (entries: readonly LedgerEntry[]) => void;

/** Opens the ledger, which does not stay open when the start fails. */
async function startParts(given: KernelGiven, built: Built, tell: Tell): Promise<Running> {
  const clock = given.clock ?? systemClock;
  const logger = given.logger ?? silentLogger;
  const ledger = openLedger({ folder: given.stateFolder, clock, logger });
  try {
    return await startOn(ledger, { given, built, tell, clock, logger });
  } catch (error) {
    ledger.close();
    throw error;
  }
}

interface StartGiven {
  readonly given: KernelGiven;
  readonly built: Built;
  readonly tell: Tell;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Restores what the ledger knows, then starts lists, notifiers and sources. */
async function startOn(
  ledger: Ledger,
  { given, built, tell, clock, logger }: StartGiven,
): Promise<Running> {
  const { config } = given;
  const machine = given.machine ?? localMachine;
  const parts = assemble({ config, built, ledger, clock, logger, machine, tell });
  const { holds, neverBan, enforcer, queue } = parts;
  for (const hold of ledger.liveHolds(clock.now())) holds.set(hold);
  neverBan.setAllowed(ledger.liveAllows(clock.now()));
  if (ledger.recovering) await recoverHolds(parts, built.lists, config);
  await refreshInTime(parts);
  expireEnded(parts);
  liftForbidden(parts);
  rebuildWindows(parts);
  const batches = new LineBatches(parts, config);
  const sources = new SourceHub({
    sources: built.sources,
    clock,
    logger,
    maxLineBytes: config.maxLineBytes,
    bookmark: (stream) => ledger.bookmark(stream)?.value,
    dispatchFor: (uses) => dispatchFor(built, uses),
    process: (batch, dispatch) => batches.process(batch, dispatch),
  });
  const ticker = new Ticker(parts);
  const startedAt = clock.now();
  enforcer.start();
  queue.start();
  sources.start();
  ticker.start();
  const control = controlApi({ parts, sources, built, given, startedAt });
  logger.info('started', { version: given.version, holds: holds.size, state: ledger.path });
  return { parts, control, sources, ticker };
}

/** Writes down the ends of holds that came while no daemon ran. */
function expireEnded({ ledger, clock, newEntry, decisions }: KernelParts): void {
  const entries = [...ledger.endedHolds(clock.now())].map((hold) => expiry(hold, newEntry));
  if (entries.length > 0) decisions.apply({ entries });
}

/** The jails that have one of these uses, each behind its filter. */
function dispatchFor({ filters, sources }: Built, ids: readonly string[]): Dispatch {
  const names = new Set(
    sources
      .flatMap(({ uses }) => uses.filter(({ id }) => ids.includes(id)))
      .flatMap((u) => u.jails),
  );
  return dispatchTo(filters, ({ config }) => names.has(config.name));
}
