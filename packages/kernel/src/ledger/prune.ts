import type { DatabaseSync } from 'node:sqlite';
import type { ConversationStore } from './conversation-store.ts';
import type { EntryStore } from './entry-store.ts';
import type { HoldStore } from './hold-store.ts';
import type { OffenceStore } from './offence-store.ts';
import type { Transaction } from './transaction.ts';

/** What one call deletes at most, so that it stays below some tens of milliseconds. */
const mostEntries = 5_000;
const mostBlobs = 100;

/** Entries that a hold still needed are looked at again after this. */
const fullScanMs = 86_400_000;

/** None is open for so long. */
const conversationsMs = 86_400_000;

/** Pages given back to the file system in one call, once a quarter of the file is free. */
const mostPages = 1_000;

export interface Prunable {
  readonly db: DatabaseSync;
  readonly transaction: Transaction;
  readonly entries: EntryStore;
  readonly holds: HoldStore;
  readonly offences: OffenceStore;
  readonly conversations: ConversationStore;
}

/** Forgets what is too old to matter, a slice at a time. */
export class Pruning {
  readonly #given: Prunable;
  #scannedTo = 0;
  #fullScanAt = Number.NEGATIVE_INFINITY;

  constructor(given: Prunable) {
    this.#given = given;
  }

  /** @returns true when there is more to delete */
  run(before: { readonly offences: number; readonly entries: number }, now: number): boolean {
    const { transaction, entries, holds, offences, conversations } = this.#given;
    if (Math.abs(now - this.#fullScanAt) >= fullScanMs) {
      this.#fullScanAt = now;
      this.#scannedTo = 0;
    }
    const more = transaction.run(() => {
      holds.deleteEndedBefore(Math.min(before.entries, now));
      conversations.deleteBefore(Math.min(before.offences, now - conversationsMs));
      const blobs = offences.deleteBefore(before.offences, mostBlobs);
      const old = entries.deleteUnneeded(this.#scannedTo, before.entries, mostEntries);
      if (old < mostEntries) this.#scannedTo = Math.max(this.#scannedTo, before.entries);
      return blobs === mostBlobs || old === mostEntries;
    });
    this.#shrink();
    return more;
  }

  #shrink(): void {
    const { db, transaction } = this.#given;
    const free = this.#pragma('freelist_count');
    if (free < mostPages || free * 4 < this.#pragma('page_count')) return;
    transaction.run(() => db.exec(`PRAGMA incremental_vacuum(${mostPages})`));
  }

  #pragma(name: 'freelist_count' | 'page_count'): number {
    return Number(this.#given.db.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
  }
}
