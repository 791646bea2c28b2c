import { type Clock, type LedgerEntry, type Logger, notifyDefaults } from '@remand/api';
import { AddressBook } from './address/address-book.ts';
import { parseRange } from './address/parse-target.ts';
import type { Builder } from './build.ts';
import { Decisions } from './decisions.ts';
import { Enforcer } from './enforce/enforcer.ts';
import { enforceListener } from './enforce-listener.ts';
import { Escalation } from './escalate/escalation.ts';
import { KnownOffenders } from './escalate/known-offenders.ts';
import { NetworkEscalation } from './escalate/network-escalation.ts';
import { Fuse } from './fuse.ts';
import type { Generation } from './generation.ts';
import { Holds } from './holds/holds.ts';
import type { MachineView } from './kernel-contract.ts';
import { newEntryId } from './ledger/entry-id.ts';
import type { Ledger } from './ledger/ledger.ts';
import { LedgerWriter } from './ledger/ledger-writer.ts';
import { ListMemory } from './list-memory.ts';
import { NeverBanSet } from './never-ban/never-ban-set.ts';
import { NotificationQueue } from './notify/notification-queue.ts';
import type { KernelParts } from './parts.ts';
import { RetiredLists } from './retired-lists.ts';
import { Routes } from './routes.ts';
import { StillSeen } from './still-seen/still-seen.ts';

export interface AssembleGiven {
  /** The one in force whenever it is asked. */
  readonly generation: () => Generation;
  readonly builder: Builder;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly machine: MachineView;
  /** Called after each commit with what was written. */
  readonly tell: (entries: readonly LedgerEntry[]) => void;
  /** How many addresses escalation keeps in memory. */
  readonly mostRecords?: number;
  readonly addressBook?: (neverBan: NeverBanSet) => AddressBook;
}

/** Joins the parts of an engine, with the holds of the ledger. Nothing is started. */
export function assemble(given: AssembleGiven): KernelParts {
  const { ledger, clock, logger, builder } = given;
  const { config, lists, notifiers } = given.generation();
  const holds = new Holds();
  for (const hold of ledger.liveHolds(clock.now())) holds.set(hold);
  const neverBan = new NeverBanSet({
    configured: config.neverBan,
    machine: given.machine,
    clock,
    logger,
  });
  neverBan.setAllowed(ledger.liveAllows(clock.now()));
  const writer = new LedgerWriter(ledger, clock, logger);
  const listMemory = new ListMemory(ledger, holds);
  const routes = new Routes({
    holds,
    places: listMemory.places(given.generation()),
    forbids: (target) => {
      const range = parseRange(target);
      return range === undefined || neverBan.touching(range) !== undefined;
    },
  });
  const queue = new NotificationQueue({
    ...{ ledger, notifiers, clock, logger },
    policy: () => given.generation().config.notify ?? notifyDefaults,
    rungs: () => given.generation().plan.rungs.map(({ config: { name } }) => name),
  });
  // The listener writes through `decisions`, which needs the enforcer: it is reached later.
  const enforcer = new Enforcer({
    lists,
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
    listener: enforceListener(() => parts),
    heirsOf: (list) => listMemory.heirsOf(list),
    isHeld: (target) => routes.isHeld(target),
    onEmptied: (list) => retired.emptied(list),
  });
  const retired = new RetiredLists({ memory: listMemory, builder, logger, enforcer });
  const decisions = new Decisions({ holds, writer, routes, enforcer, queue, logger });
  decisions.onEntries(given.tell);
  const parts: KernelParts = {
    clock,
    logger,
    ledger,
    writer,
    holds,
    neverBan,
    addresses: given.addressBook?.(neverBan) ?? new AddressBook(neverBan),
    fuse: new Fuse(config.fuse),
    enforcer,
    queue,
    get generation() {
      return given.generation();
    },
    get jails() {
      return given.generation().jails;
    },
    get rungs() {
      return given.generation().plan.rungs.map((rung) => rung.config.name);
    },
    get escalation() {
      return escalation;
    },
    get network() {
      return network;
    },
    get known() {
      return known;
    },
    routes,
    retired,
    listMemory,
    decisions,
    newEntry: (entry) => ({ id: newEntryId(clock), host: ledger.hostId, ...entry }),
    stillSeen: new StillSeen({ clock, machine: given.machine, partsLater: () => parts }),
  };
  const escalation = new Escalation(parts, given.mostRecords);
  const known = new KnownOffenders(parts, given.mostRecords);
  const network = new NetworkEscalation(parts, given.mostRecords);
  return parts;
}
