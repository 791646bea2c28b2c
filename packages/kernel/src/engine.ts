import {
  type ControlApi,
  type FlushOutcome,
  type LedgerEntry,
  type Logger,
  printable,
  reasonOf,
} from '@remand/api';
import { AddressBook } from './address/address-book.ts';
import { parseRange } from './address/parse-target.ts';
import type { Builder } from './build.ts';
import { controlApi } from './control/control-api.ts';
import { Decisions } from './decisions.ts';
import { silentLogger, systemClock } from './defaults.ts';
import { Dispatch } from './detect/dispatch.ts';
import { Enforcer } from './enforce/enforcer.ts';
import { enforceListener } from './enforce-listener.ts';
import { Fuse } from './fuse.ts';
import { droppedLists, type Generation, keptPlaces } from './generation.ts';
import { Holds } from './holds/holds.ts';
import type { KernelGiven, ReloadReport } from './kernel-contract.ts';
import { newEntryId } from './ledger/entry-id.ts';
import { LedgerWriter } from './ledger/ledger-writer.ts';
import { openLedger } from './ledger/open-ledger.ts';
import { liftForbidden } from './lift-forbidden.ts';
import { LineBatches } from './line-batches.ts';
import { ListMemory } from './list-memory.ts';
import { localMachine } from './never-ban/local-machine.ts';
import { NeverBanSet } from './never-ban/never-ban-set.ts';
import { NotificationQueue } from './notify/notification-queue.ts';
import type { KernelParts } from './parts.ts';
import { withDeadline } from './plugins/with-deadline.ts';
import { rebuildWindows } from './rebuild-windows.ts';
import { recoverHolds } from './recover-holds.ts';
import { RetiredLists } from './retired-lists.ts';
import { type Places, Routes } from './routes.ts';
import { SourceHub } from './sources/source-hub.ts';
import { expiry, Ticker } from './ticker.ts';

/** Names of the never-ban set are waited for this long before lines are read. */
const firstRefreshMs = 3_000;
/** How long a source or notifier that is replaced may take to end. */
const handOverMs = 5_000;
/** How long the other lists are waited for before one that is not configured is emptied. */
const settleMs = 10_000;

/** The parts of a kernel that runs, around the generation in force. */
export class Engine {
  readonly parts: KernelParts;
  readonly control: ControlApi;
  readonly #memory: ListMemory;
  readonly #batches: LineBatches;
  readonly #sources: SourceHub;
  readonly #ticker: Ticker;
  readonly #logger: Logger;
  readonly #ending = Promise.withResolvers<void>();
  #isEnding = false;
  #generation: Generation;

  /** Opens the ledger. @throws CommandError when the state cannot be opened or is in use */
  constructor(
    given: KernelGiven,
    builder: Builder,
    first: Generation,
    tell: (entries: readonly LedgerEntry[]) => void,
  ) {
    const clock = given.clock ?? systemClock;
    const logger = given.logger ?? silentLogger;
    const { config } = first;
    this.#logger = logger;
    this.#generation = first;
    const current = () => this.#generation;
    const ledger = openLedger({ folder: given.stateFolder, clock, logger });
    const holds = new Holds();
    for (const hold of ledger.liveHolds(clock.now())) holds.set(hold);
    const neverBan = new NeverBanSet({
      configured: config.neverBan,
      machine: given.machine ?? localMachine,
      clock,
      logger,
    });
    neverBan.setAllowed(ledger.liveAllows(clock.now()));
    const writer = new LedgerWriter(ledger, clock, logger);
    this.#memory = new ListMemory(ledger, holds);
    const routes = new Routes({
      holds,
      places: this.#places(first),
      forbids: (target) => {
        const range = parseRange(target);
        return range === undefined || neverBan.touching(range) !== undefined;
      },
    });
    const queue = new NotificationQueue({ ledger, notifiers: first.notifiers, clock, logger });
    // The listener writes through `decisions`, which needs the enforcer: it is reached later.
    const enforcer = new Enforcer({
      lists: first.lists,
      desired: routes,
      rows: {
        load: (list) => ledger.rows(list),
        add: (list, targets) =>
          ledger.commit({ addRows: targets.map((target) => ({ list, target })) }),
        remove: (list, targets) =>
          ledger.commit({ removeRows: targets.map((target) => ({ list, target })) }),
      },
      clock,
      logger,
      listener: enforceListener(() => this.parts),
      heirsOf: (list) => this.#memory.heirsOf(list),
      onEmptied: (list) => this.parts.retired.emptied(list),
    });
    const decisions = new Decisions({ holds, writer, routes, enforcer, queue, logger });
    decisions.onEntries(tell);
    this.parts = {
      clock,
      logger,
      ledger,
      writer,
      holds,
      neverBan,
      addresses: new AddressBook(neverBan),
      fuse: new Fuse(config.fuse),
      enforcer,
      queue,
      get generation() {
        return current();
      },
      get jails() {
        return current().jails;
      },
      routes,
      retired: new RetiredLists({
        memory: this.#memory,
        builder,
        logger,
        enforcer: () => enforcer,
      }),
      decisions,
      newEntry: (entry) => ({ id: newEntryId(clock), host: ledger.hostId, ...entry }),
    };
    this.#batches = new LineBatches(this.parts, config);
    this.#sources = new SourceHub({
      sources: first.sources,
      clock,
      logger,
      maxLineBytes: config.maxLineBytes,
      bookmark: (stream) => ledger.bookmark(stream)?.value,
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
    const { lists, config, jails } = this.#generation;
    if (ledger.recovering) await recoverHolds(parts, lists, config);
    await this.#refreshNeverBan();
    expireEnded(parts);
    liftForbidden(parts);
    rebuildWindows(parts, jails);
    retired.remember(this.#generation);
    enforcer.start();
    queue.start();
    this.#sources.start();
    this.#ticker.start();
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
      await this.#refreshNeverBan();
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
    routes.adopt(this.#places(next));
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
      queue.adopt(next.notifiers, keptPlaces(before, next, 'notifier'), handOverMs),
    ];
    enforcer.resume();
    this.#sources.adopt({ sources: next.sources, maxLineBytes: next.config.maxLineBytes });
    liftForbidden(parts);
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
    await this.#step('sources', () => this.#sources.stop(deadlineMs / 3));
    await this.#step('enforcement', () => enforcer.stop(deadlineMs / 3, { flush }));
    await this.#step('notifications', () => queue.stop(deadlineMs / 4));
    await this.#step('ledger', async () => {
      if (!writer.flush()) {
        const { unrecorded } = writer;
        this.#logger.error('stopped-with-unwritten-entries', { unrecorded });
      }
      ledger.close();
    });
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
      rebuildWindows(this.parts, fresh);
    } catch (error) {
      const reason = printable(reasonOf(error));
      const jails = fresh.map(({ config }) => config.name).join(', ');
      this.#logger.error('offences-unreadable', { jails, reason, hint: 'they count from nothing' });
    }
  }

  #places(generation: Generation): Places {
    return {
      listsOfJail: this.#memory.listsOfJails(generation),
      adminLists: generation.plan.adminLists,
      lists: new Set(generation.lists.map(({ key }) => key)),
    };
  }

  /** Looks at the machine before a line counts; a slow resolver does not hold that up. */
  async #refreshNeverBan(): Promise<void> {
    const { neverBan, clock, logger } = this.parts;
    try {
      const given = { clock, deadlineMs: firstRefreshMs, what: 'the never-ban set' };
      await withDeadline(given, () => neverBan.refresh());
    } catch (error) {
      logger.warn('never-ban-slow', { reason: printable(reasonOf(error)) });
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
  return new Dispatch(
    filters
      .map(({ filter, jails }) => ({
        filter,
        jails: jails.filter(({ config }) => names.has(config.name)),
      }))
      .filter(({ jails }) => jails.length > 0),
  );
}
