import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock, LedgerEntry, Logger, Notice, Target } from '@remand/api';
import { BookmarkStore } from './bookmark-store.ts';
import { Checkpoints } from './checkpoints.ts';
import { ConversationStore } from './conversation-store.ts';
import { newEntryId } from './entry-id.ts';
import { EntryStore } from './entry-store.ts';
import { HoldStore } from './hold-store.ts';
import type {
  Hold,
  Ledger,
  LedgerChange,
  NoteKind,
  PeriodSummary,
  QueuedNotice,
  StoredOffence,
} from './ledger.ts';
import { ListRowStore } from './list-row-store.ts';
import { NoteStore } from './note-store.ts';
import { OffenceStore } from './offence-store.ts';
import { OutboxStore } from './outbox-store.ts';
import { Pruning } from './prune.ts';
import { endRecovery, isRecovering } from './recovery-mark.ts';
import { Summaries } from './summaries.ts';
import { Transaction } from './transaction.ts';

export interface SqliteLedgerGiven {
  readonly db: DatabaseSync;
  readonly path: string;
  readonly setAside: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called when the ledger is closed. */
  readonly onClose?: () => void;
}

/** The ledger in a database that is open and has the newest schema. */
export class SqliteLedger implements Ledger {
  readonly hostId: string;
  readonly path: string;
  readonly setAside: string | undefined;
  readonly #db: DatabaseSync;
  readonly #onClose: () => void;
  readonly #transaction: Transaction;
  readonly #entries: EntryStore;
  readonly #holds: HoldStore;
  readonly #offences: OffenceStore;
  readonly #bookmarks: BookmarkStore;
  readonly #conversations: ConversationStore;
  readonly #rows: ListRowStore;
  readonly #outbox: OutboxStore;
  readonly #notes: NoteStore;
  readonly #summaries: Summaries;
  readonly #checkpoints: Checkpoints | undefined;
  readonly #pruning: Pruning;

  constructor(given: SqliteLedgerGiven) {
    const { db, path, clock, logger } = given;
    this.path = path;
    this.setAside = given.setAside;
    this.#db = db;
    this.#onClose = given.onClose ?? (() => undefined);
    this.#transaction = new Transaction(db, path);
    this.#entries = new EntryStore(db);
    this.#holds = new HoldStore(db);
    this.#offences = new OffenceStore(db, () => logger.warn('offences-damaged', { path }));
    this.#bookmarks = new BookmarkStore(db);
    this.#conversations = new ConversationStore(db);
    this.#rows = new ListRowStore(db);
    this.#outbox = new OutboxStore(db);
    this.#notes = new NoteStore(db);
    this.#summaries = new Summaries(db);
    const onDisk = db.location() !== null;
    this.#checkpoints = onDisk ? new Checkpoints(db, clock, logger) : undefined;
    this.#pruning = new Pruning({
      db,
      transaction: this.#transaction,
      entries: this.#entries,
      holds: this.#holds,
      offences: this.#offences,
      conversations: this.#conversations,
    });
    this.hostId = this.#transaction.run(() => hostIdOf(db, clock));
  }

  commit(change: LedgerChange): void {
    this.#write(() => {
      this.#bookmarks.put(change.bookmarks ?? []);
      this.#offences.insert(change.offences ?? []);
      this.#conversations.put(change.conversations ?? []);
      this.#apply(change.entries ?? []);
      this.#rows.remove(change.removeRows ?? []);
      this.#rows.add(change.addRows ?? []);
      this.#outbox.add(change.notices ?? []);
    });
  }

  get recovering(): boolean {
    return isRecovering(this.#db);
  }

  recovered(): void {
    this.#write(() => endRecovery(this.#db));
  }

  bookmark(stream: string) {
    return this.#bookmarks.get(stream);
  }

  conversations(stream: string, filter: string) {
    return this.#conversations.of(stream, filter);
  }

  liveHolds(now: number): Iterable<Hold> {
    return this.#holds.live(now);
  }

  endedHolds(now: number): Iterable<Hold> {
    return this.#holds.ended(now);
  }

  oldestOffences(): number | undefined {
    return this.#offences.oldest();
  }

  offencesSince(since: number): Iterable<StoredOffence> {
    return this.#offences.since(since);
  }

  bansSince(since: number) {
    return this.#entries.bansSince(since);
  }

  liveAllows(now: number) {
    return this.#holds.liveAllows(now);
  }

  rows(list: string): Iterable<Target> {
    return this.#rows.of(list);
  }

  listsWithRows(): readonly string[] {
    return this.#rows.lists();
  }

  notes(kind: NoteKind): ReadonlyMap<string, string> {
    return this.#notes.of(kind);
  }

  putNotes(kind: NoteKind, notes: ReadonlyMap<string, string | null>): void {
    if (notes.size > 0) this.#write(() => this.#notes.put(kind, notes));
  }

  entriesOf(address: string, limit: number): readonly LedgerEntry[] {
    return this.#entries.newestOf(address, limit);
  }

  offencesOf(address: string, limit: number): readonly StoredOffence[] {
    return this.#offences.newestOf(address, limit);
  }

  countedBans(address: string, since: number) {
    return this.#entries.countedBans(address, since);
  }

  recordEntries(address: string, since: number): readonly LedgerEntry[] {
    return this.#entries.recordEntries(address, since);
  }

  networkEntries(network: Target, since: number): readonly LedgerEntry[] {
    return this.#entries.networkEntries(network, since);
  }

  summary(since: number, until: number, notifier: string): PeriodSummary {
    return this.#summaries.of(since, until, notifier);
  }

  prune(before: { readonly offences: number; readonly entries: number }, now: number): boolean {
    const more = this.#pruning.run(before, now);
    this.#checkpoints?.committed();
    return more;
  }

  dueNotices(notifier: string, now: number, limit: number): readonly QueuedNotice[] {
    return this.#outbox.due(notifier, now, limit);
  }

  noticesDone(
    notifier: string,
    ids: readonly string[],
    entries: readonly LedgerEntry[],
    instead?: Notice,
  ): void {
    this.#write(() => {
      this.#outbox.remove(notifier, ids);
      this.#apply(entries);
      if (instead) this.#outbox.add([{ notifier, notice: instead }]);
    });
  }

  noticesDelayed(notifier: string, ids: readonly string[], nextAt: number): void {
    this.#write(() => this.#outbox.delay(notifier, ids, nextAt));
  }

  queuedNotices(notifier: string): number {
    return this.#outbox.count(notifier);
  }

  /** Derives holds and allows afresh from the entries. */
  rebuildHolds(): void {
    this.#write(() => this.#holds.rebuild(this.#entries.inOrder()));
  }

  close(): void {
    if (!this.#db.isOpen) return;
    this.#checkpoints?.stop();
    this.#db.close();
    this.#onClose();
  }

  #apply(entries: readonly LedgerEntry[]): void {
    for (const entry of entries) {
      // An entry that was there already has had its effect.
      if (this.#entries.insert(entry)) this.#holds.apply(entry);
    }
  }

  #write(write: () => void): void {
    this.#transaction.run(write);
    this.#checkpoints?.committed();
  }
}

function hostIdOf(db: DatabaseSync, clock: Clock): string {
  const get: StatementSync = db.prepare("SELECT value FROM meta WHERE key = 'host'");
  const known = get.get()?.value;
  if (typeof known === 'string') return known;
  const fresh = newEntryId(clock);
  db.prepare("INSERT INTO meta (key, value) VALUES ('host', ?)").run(fresh);
  return fresh;
}
