import type { LedgerEntry, Logger, Notice, Target } from '@remand/api';
import { printable, reasonOf } from '@remand/api';
import type { Enforcer } from './enforce/enforcer.ts';
import type { Holds } from './holds/holds.ts';
import { endsHold, holdAfter, viaOf } from './ledger/hold-rule.ts';
import type { Hold, LedgerChange, ListRow } from './ledger/ledger.ts';
import type { LedgerWriter } from './ledger/ledger-writer.ts';
import type { NotificationQueue } from './notify/notification-queue.ts';
import type { Routes } from './routes.ts';

/** What one decision, or one batch of lines, changes. */
export interface Change extends Pick<LedgerChange, 'bookmarks' | 'offences' | 'conversations'> {
  readonly entries?: readonly LedgerEntry[];
  readonly notices?: readonly Notice[];
}

export interface DecisionsGiven {
  readonly holds: Holds;
  readonly writer: LedgerWriter;
  readonly routes: Routes;
  readonly enforcer: Enforcer;
  readonly queue: NotificationQueue;
  readonly logger: Logger;
}

/**
 * The one place where a decision takes effect: holds in memory, everything in one transaction of
 * the ledger, then enforcement and notification, neither of which is waited for.
 */
export class Decisions {
  readonly #given: DecisionsGiven;
  readonly #listeners = new Set<(entries: readonly LedgerEntry[]) => void>();

  constructor(given: DecisionsGiven) {
    this.#given = given;
  }

  onEntries(listener: (entries: readonly LedgerEntry[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @returns whether everything is on disk */
  apply(change: Change): boolean {
    const { writer, enforcer, queue } = this.#given;
    const entries = change.entries ?? [];
    // Kept apart: only what enters has its row in this transaction.
    const entering = new Map<string, Target[]>();
    const leaving = new Map<string, Target[]>();
    for (const entry of entries) {
      const touched = entry.kind === 'ban' || entry.kind === 'extend' ? entering : leaving;
      for (const list of this.#takeEffect(entry)) {
        const targets = touched.get(list);
        if (targets) targets.push(entry.address);
        else touched.set(list, [entry.address]);
      }
    }
    const addRows: ListRow[] = [];
    for (const [list, targets] of entering) {
      if (enforcer.isPaused(list)) continue;
      for (const target of targets) addRows.push({ list, target });
    }
    const told = queue.address(change.notices ?? []);
    const recorded = writer.commit({
      ...(change.bookmarks && { bookmarks: change.bookmarks }),
      ...(change.offences && { offences: change.offences }),
      ...(change.conversations && { conversations: change.conversations }),
      entries: told.entries.length > 0 ? [...entries, ...told.entries] : entries,
      addRows,
      notices: told.notices,
    });
    for (const [list, targets] of leaving) enforcer.changed(list, targets);
    for (const [list, targets] of entering) enforcer.changed(list, targets, { recorded });
    if (told.notices.length > 0) queue.wake();
    if (entries.length > 0) this.#tell(entries);
    return recorded;
  }

  /**
   * Makes what a ban or an extension holds, ahead of `apply` where later lines have to meet it;
   * twice is harmless. @returns undefined for any other entry and for a ban that is over
   */
  hold(entry: LedgerEntry): Hold | undefined {
    const { holds } = this.#given;
    if (entry.kind !== 'ban' && entry.kind !== 'extend') return undefined;
    const current = holds.get(entry.address, entry.holder, viaOf(entry));
    const hold = holdAfter(current, entry);
    if (!hold || entry.details?.ended === true) return undefined;
    holds.set(hold);
    return hold;
  }

  /** Changes the holds as an entry says. @returns the lists that are concerned */
  #takeEffect(entry: LedgerEntry): Iterable<string> {
    const { holds, routes } = this.#given;
    switch (entry.kind) {
      case 'ban':
      case 'extend': {
        const hold = this.hold(entry);
        return hold ? routes.listsOf(hold) : [];
      }
      case 'unban':
      case 'expire': {
        const lists = new Set<string>();
        for (const hold of holds.of(entry.address)) {
          if (hold.holder !== entry.holder || !endsHold(entry, hold)) continue;
          if (entry.kind === 'unban') holds.remove(hold);
          for (const list of routes.listsOf(hold)) lists.add(list);
        }
        // An expired hold is out of the index already.
        const observed = entry.details?.observed ?? false;
        for (const list of routes.listsOf({ via: viaOf(entry), observed })) lists.add(list);
        return lists;
      }
      default:
        return [];
    }
  }

  #tell(entries: readonly LedgerEntry[]): void {
    for (const listener of this.#listeners) {
      try {
        listener(entries);
      } catch (error) {
        this.#given.logger.error('listener-threw', { reason: printable(reasonOf(error)) });
      }
    }
  }
}
