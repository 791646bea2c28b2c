import {
  type ControlApi,
  type FlushOutcome,
  type LedgerEntry,
  type Logger,
  printable,
  reasonOf,
} from '@remand/api';
import { assemble } from './assemble.ts';
import type { Builder } from './build.ts';
import { controlApi } from './control/control-api.ts';
import { silentLogger, systemClock } from './defaults.ts';
import { type Dispatch, dispatchTo } from './detect/dispatch.ts';
import { expiry } from './end-holds.ts';
import { droppedLists, type Generation, keptPlaces } from './generation.ts';
import type { KernelGiven, ReloadReport } from './kernel-contract.ts';
import { openLedger } from './ledger/open-ledger.ts';
import { liftForbidden } from './lift-forbidden.ts';
import { LineBatches } from './line-batches.ts';
import { localMachine } from './never-ban/local-machine.ts';
import { protectedNetworks } from './never-ban/protected-networks.ts';
import { refreshInTime } from './never-ban/refresh-in-time.ts';
import { tellStart, tellStop } from './notify/tell-start.ts';
import type { KernelParts } from './parts.ts';
import { rebuildWindows, rebuildWindowsMeanwhile } from './rebuild-windows.ts';
import { recoverHolds } from './recover-holds.ts';
import type { Routes } from './routes.ts';
import { SourceHub } from './sources/source-hub.ts';
import { Ticker } from './ticker.ts';

/** How long a source or notifier that is replaced may take to end. */
const handOverMs = 5_000;
/** How long the other lists are waited for before one that is not configured is emptied. */
const settleMs = 10_000;

/** The parts of a kernel that runs, around the generation in force. */
export class Engine {
  readonly parts: KernelParts;
  readonly control: ControlApi;
  readonly #batches: LineBatches;
  readonly #sources: SourceHub;
  readonly #ticker: Ticker;
  readonly #logger: Logger;
  readonly #ending = Promise.withResolvers<void>();
  #isEnding = false;
  /** It has started: its end is told of. */
  #isTelling = false;
  #generation: Generation;

  /** Opens the ledger. @throws CommandError when the state cannot be opened or is in use */
  constructor(
    given: KernelGiven,
    builder: Builder,
    first: Generation,
    tell: (entries: readonly LedgerEntry[]) => void,
  ) {
    const { clock = systemClock, logger = silentLogger, machine = localMachine } = given;
    this.#logger = logger;
    this.#generation = first;
    const generation = () => this.#generation;
    const ledger = openLedger({ folder: given.stateFolder, clock, logger });
    try {
      this.parts = assemble({ generation, builder, ledger, clock, logger, machine, tell });
    } catch (error) {
      ledger.close();
      throw error;
    }
    this.#batches = new LineBatches(this.parts, first.config);
    this.#sources = new SourceHub({
      sources: first.sources,
      clock,
      logger,
      maxLineBytes: first.config.maxLineBytes,
      bookmark: (stream) => this.parts.writer.bookmark(stream)?.value,
      dispatchFor: (uses) => dispatchFor(this.#generation, uses),
      process: (batch, dispatch) => this.#batches.process(batch, dispatch),
    });
    this.#ticker = new Ticker(this.parts);
    this.control = controlApi({
      parts: this.parts,
      sources: this.#sources,
      version: given.version,
      startedAt: clock.now(),
    });
  }

  /** Restores what the ledger knows, then starts lists, notifiers and sources. */
  async start(): Promise<void> {
    const { parts } = this;
    const { ledger, enforcer, queue, retired } = parts;
    const { lists, config } = this.#generation;
    if (ledger.recovering) await recoverHolds(parts, lists, config);
    await refreshInTime(this.parts);
    expireEnded(parts);
    liftForbidden(parts);
    this.#sayProtectedNetworks();
    retired.remember(this.#generation);
    enforcer.start();
    await rebuildWindowsMeanwhile(parts);
    if (this.#isEnding) return;
    tellStart(parts);
    queue.start();
    this.#sources.start();
    this.#ticker.start();
    this.#isTelling = true;
  }

  get generation(): Generation {
    return this.#generation;
  }

  /**
   * What has to come before another generation is put in force: sources that it does not keep end,
   * and names that it never bans are resolved. Never rejects.
   */
  async prepare(next: Generation): Promise<void> {
    const before = this.#generation;
    const { neverBan } = this.parts;
    const more = next.config.neverBan.filter((entry) => !before.config.neverBan.includes(entry));
    if (more.length > 0) {
      neverBan.configure([...before.config.neverBan, ...more]);
      await refreshInTime(this.parts);
    }
    await this.#sources.letGo(keptPlaces(before, next, 'source'), handOverMs);
  }

  /**
   * Puts another generation in force, in this very call. What is replaced ends in the background.
   * @returns when it has
   */
  swap(next: Generation): Promise<void> {
    const before = this.#generation;
    const { parts } = this;
    const { routes, enforcer, queue, retired, neverBan, fuse, clock } = parts;
    this.#carryOver(before, next);
    const holdersBefore = holdersByList(routes, next);
    this.#generation = next;
    routes.adopt(parts.listMemory.places(next));
    retired.remember(next);
    neverBan.configure(next.config.neverBan);
    fuse.configure(next.config.fuse, clock.now());
    this.#batches.adopt(next.config);
    const dropped = droppedLists(before, next);
    retired.keep(
      before.instances.filter(({ kind, place }) => kind === 'action' && dropped.has(place)),
    );
    const done = [
      enforcer.adopt({
        lists: next.lists,
        kept: keptPlaces(before, next, 'action'),
        changed: changedLists(holdersBefore, holdersByList(routes, next)),
        retires: (list) => dropped.has(list),
      }),
      next.config.observe ? retired.leave() : undefined,
      queue.adopt(next.notifiers, keptPlaces(before, next, 'notifier'), handOverMs),
    ];
    enforcer.resume();
    this.#sources.adopt({ sources: next.sources, maxLineBytes: next.config.maxLineBytes });
    liftForbidden(parts);
    this.#sayProtectedNetworks();
    return Promise.all(done).then(() => undefined);
  }

  /** Empties what is not configured any more, once the other lists have settled. Never rejects. */
  async emptyRetired(): Promise<FlushOutcome['lists']> {
    const { enforcer, retired, clock } = this.parts;
    if (!retired.hasWork(this.#generation)) return [];
    const late = Promise.withResolvers<void>();
    const cancel = clock.after(settleMs, late.resolve);
    await Promise.race([enforcer.settled(), late.promise, this.#ending.promise]);
    cancel();
    return this.#isEnding ? [] : retired.empty(this.#generation);
  }

  /** Bans that no list enforces; none while nothing is meant to be enforced. Logged. */
  stranded(): ReloadReport['stranded'] {
    if (this.#generation.config.observe) return [];
    const found = [...this.parts.routes.stranded()].map(([holder, bans]) => ({ holder, bans }));
    for (const one of found) this.#logger.warn('bans-on-no-list', one);
    return found;
  }

  /** Stops sources, finishes what is under way, closes the ledger. Never rejects. */
  async stop(deadlineMs: number, flush: boolean): Promise<void> {
    const { enforcer, queue, writer, ledger } = this.parts;
    this.#isEnding = true;
    this.#ending.resolve();
    this.#ticker.stop();
    this.parts.stillSeen.stop();
    await this.#step('sources', () => this.#sources.stop(deadlineMs / 3));
    await this.#step('enforcement', () => enforcer.stop(deadlineMs / 3, { flush }));
    await this.#step('notifications', async () => {
      if (this.#isTelling) tellStop(this.parts);
      await queue.stop(deadlineMs / 4);
    });
    await this.#step('ledger', async () => {
      try {
        if (!writer.flush()) {
          const { unrecorded } = writer;
          this.#logger.error('stopped-with-unwritten-entries', { unrecorded });
        }
      } finally {
        ledger.close();
      }
    });
  }

  #sayProtectedNetworks(): void {
    const { network } = this.#generation.config;
    const found = network ? protectedNetworks(network, this.parts.neverBan.entries) : [];
    for (const reason of found) this.#logger.warn('range-never-banned', { reason });
  }

  async #step(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger.error('stop-failed', { what, reason: printable(reasonOf(error)) });
    }
  }

  /** Jails go on with what the jail of their name has counted. */
  #carryOver(before: Generation, next: Generation): void {
    const known = new Map(before.jails.map((jail) => [jail.config.name, jail]));
    const kept = new Set(before.filters.map(({ filter }) => filter));
    const filterOf = new Map(
      next.filters.flatMap(({ filter, jails }) => jails.map((jail) => [jail, filter] as const)),
    );
    const fresh = next.jails.filter((jail) => {
      const old = known.get(jail.config.name);
      const filter = filterOf.get(jail);
      return !old || !jail.takeOver(old, filter !== undefined && kept.has(filter));
    });
    if (fresh.length === 0) return;
    try {
      const { ledger, writer, clock } = this.parts;
      rebuildWindows({ jails: fresh, ledger, writer, clock });
    } catch (error) {
      const reason = printable(reasonOf(error));
      const jails = fresh.map(({ config }) => config.name).join(', ');
      this.#logger.error('offences-unreadable', { jails, reason, hint: 'they count from nothing' });
    }
  }
}

/** Writes down the ends of holds that came while no daemon ran. */
function expireEnded({ ledger, clock, newEntry, decisions }: KernelParts): void {
  const entries = [...ledger.endedHolds(clock.now())].map((hold) => expiry(hold, newEntry));
  if (entries.length > 0) decisions.apply({ entries });
}

function holdersByList(
  routes: Routes,
  { lists }: Generation,
): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(lists.map(({ key }) => [key, routes.holdersOf(key)]));
}

function changedLists(
  before: ReadonlyMap<string, ReadonlySet<string>>,
  now: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const changed = [...now].filter(
    ([list, holders]) => (before.get(list) ?? new Set()).symmetricDifference(holders).size > 0,
  );
  return new Set(changed.map(([list]) => list));
}

/** The jails that have one of these uses, each behind its filter. */
function dispatchFor({ filters, sources }: Generation, ids: readonly string[]): Dispatch {
  const names = new Set(
    sources
      .flatMap(({ uses }) => uses.filter(({ id }) => ids.includes(id)))
      .flatMap((u) => u.jails),
  );
  return dispatchTo(filters, ({ config }) => names.has(config.name));
}
