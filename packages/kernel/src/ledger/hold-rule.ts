import type { LedgerEntry } from '@remand/api';
import type { Hold } from './ledger.ts';

/**
 * Whose lists the hold of an entry uses: what the entry says, else the holder's own. An entry of
 * `admin` for the lists of the default actions says so by an empty `via`.
 */
export function viaOf(entry: Pick<LedgerEntry, 'holder' | 'details'>): string {
  return entry.details?.via ?? entry.holder;
}

/**
 * What a `ban` or `extend` entry makes of the hold of its (holder, via, target): the one rule by
 * which the ledger, its rebuilding and the kernel's memory derive holds.
 * @param current the hold as it was, ended or not
 * @returns undefined when there is no hold afterwards
 */
export function holdAfter(current: Hold | undefined, entry: LedgerEntry): Hold | undefined {
  const until = entry.until ?? null;
  if (entry.kind === 'extend') return { ...(current ?? freshHold(entry)), until };
  if (entry.kind !== 'ban' || entry.details?.ended === true) return current;
  if (!current || !isLiveAt(current, entry.at)) return freshHold(entry);
  const observed = entry.details?.observed === true;
  // What enforces outranks what observes, in either order.
  if (current.observed !== observed) return observed ? current : freshHold(entry);
  const end = later(current.until, until);
  return end === current.until ? current : { ...current, until: end };
}

/** The hold that a ban would have made which was over when it was decided. */
export function endedHold(entry: LedgerEntry): Hold | undefined {
  return entry.kind === 'ban' ? freshHold(entry) : undefined;
}

/** Whether a hold covers an instant. It ends at `until` exactly. */
export function isLiveAt(hold: Pick<Hold, 'until'>, at: number): boolean {
  return hold.until === null || hold.until > at;
}

/** The later of two ends; null is for ever. */
export function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}

function freshHold(entry: LedgerEntry): Hold {
  return {
    holder: entry.holder,
    via: viaOf(entry),
    target: entry.address,
    since: entry.at,
    until: entry.until ?? null,
    observed: entry.details?.observed === true,
  };
}

/** Whether an `unban` or `expire` entry ends this hold, which has its holder and target. */
export function endsHold(entry: LedgerEntry, hold: Pick<Hold, 'via' | 'until'>): boolean {
  const via = entry.details?.via;
  if (via !== undefined) return hold.via === via;
  return entry.kind === 'unban' || !isLiveAt(hold, entry.at);
}
