import type { Clock, LedgerEntry, Logger } from '@remand/api';
import type { AddressBook } from './address/address-book.ts';
import type { Decisions } from './decisions.ts';
import type { JailState } from './detect/jail-state.ts';
import type { Enforcer } from './enforce/enforcer.ts';
import type { Escalation } from './escalate/escalation.ts';
import type { KnownOffenders } from './escalate/known-offenders.ts';
import type { NetworkEscalation } from './escalate/network-escalation.ts';
import type { Fuse } from './fuse.ts';
import type { Generation } from './generation.ts';
import type { Holds } from './holds/holds.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { LedgerWriter } from './ledger/ledger-writer.ts';
import type { ListMemory } from './list-memory.ts';
import type { NeverBanSet } from './never-ban/never-ban-set.ts';
import type { NotificationQueue } from './notify/notification-queue.ts';
import type { RetiredLists } from './retired-lists.ts';
import type { Routes } from './routes.ts';
import type { StillSeen } from './still-seen/still-seen.ts';

/** The running parts of a kernel, for the code that answers questions and carries out verbs. */
export interface KernelParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ledger: Ledger;
  readonly writer: LedgerWriter;
  readonly holds: Holds;
  readonly neverBan: NeverBanSet;
  readonly addresses: AddressBook;
  readonly fuse: Fuse;
  readonly enforcer: Enforcer;
  readonly queue: NotificationQueue;
  /** What the configuration in force was made into. A reload replaces it: ask for it each time. */
  readonly generation: Generation;
  /** Of the generation in force. */
  readonly jails: readonly JailState[];
  /** Names of the rungs, the lowest first. */
  readonly rungs: readonly string[];
  readonly escalation: Escalation;
  readonly network: NetworkEscalation;
  readonly known: KnownOffenders;
  readonly routes: Routes;
  readonly retired: RetiredLists;
  readonly listMemory: ListMemory;
  readonly decisions: Decisions;
  readonly newEntry: NewEntry;
  readonly stillSeen: StillSeen;
}

/** Makes a ledger entry of this host with an id of its own. */
export type NewEntry = (entry: Omit<LedgerEntry, 'id' | 'host'>) => LedgerEntry;
