import type { Clock, KernelConfig, LedgerEntry, Logger } from '@remand/api';
import { AddressBook } from './address/address-book.ts';
import { parseRange } from './address/parse-target.ts';
import type { Built } from './build.ts';
import { Decisions } from './decisions.ts';
import { Enforcer } from './enforce/enforcer.ts';
import { enforceListener } from './enforce-listener.ts';
import { Fuse } from './fuse.ts';
import { Holds } from './holds/holds.ts';
import type { MachineView } from './kernel-contract.ts';
import { newEntryId } from './ledger/entry-id.ts';
import type { Ledger } from './ledger/ledger.ts';
import { LedgerWriter } from './ledger/ledger-writer.ts';
import { NeverBanSet } from './never-ban/never-ban-set.ts';
import { NotificationQueue } from './notify/notification-queue.ts';
import type { KernelParts } from './parts.ts';
import { Routes } from './routes.ts';
import { StillSeen } from './still-seen/still-seen.ts';

export interface AssembleGiven {
  readonly config: KernelConfig;
  readonly built: Pick<Built, 'plan' | 'jails' | 'lists' | 'notifiers'>;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly machine: MachineView;
  /** Called after each commit with what was written. */
  readonly tell: (entries: readonly LedgerEntry[]) => void;
  readonly addressBook?: (neverBan: NeverBanSet) => AddressBook;
}

/** Joins the parts of an engine. Nothing is started, and the ledger is not read yet. */
export function assemble(given: AssembleGiven): KernelParts {
  const { config, built, ledger, clock, logger } = given;
  const holds = new Holds();
  const neverBan = new NeverBanSet({
    configured: config.neverBan,
    machine: given.machine,
    clock,
    logger,
  });
  const writer = new LedgerWriter(ledger, clock, logger);
  const kept = new Set(built.lists.map(({ key }) => key));
  const routes = new Routes({
    holds,
    listsOfJail: new Map(
      built.plan.jails.map((jail) => [
        jail.config.name,
        jail.lists.filter((list) => kept.has(list)),
      ]),
    ),
    adminLists: built.plan.adminLists.filter((list) => kept.has(list)),
    forbids: (target) => {
      const range = parseRange(target);
      return range === undefined || neverBan.touching(range) !== undefined;
    },
  });
  const queue = new NotificationQueue({ ledger, notifiers: built.notifiers, clock, logger });
  const newEntry: KernelParts['newEntry'] = (entry) => ({
    id: newEntryId(clock),
    host: ledger.hostId,
    ...entry,
  });
  // The listener writes through `decisions`, which needs the enforcer: it is reached later.
  const enforcer = new Enforcer({
    lists: built.lists,
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
  });
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
    jails: built.jails,
    routes,
    decisions,
    newEntry,
    stillSeen: new StillSeen({ clock, machine: given.machine, partsLater: () => parts }),
  };
  return parts;
}
