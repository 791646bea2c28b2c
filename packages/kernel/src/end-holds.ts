import type { Hold } from './ledger/ledger.ts';
import type { KernelParts, NewEntry } from './parts.ts';

/** Ends the holds that are over: a wave of them is one transaction and one batch per list. */
export function endHolds({ holds, newEntry, decisions }: KernelParts, now: number): void {
  const entries = holds.takeExpired(now).map((hold) => expiry(hold, newEntry));
  if (entries.length > 0) decisions.apply({ entries });
}

/** The entry that says that a hold has ended, at its end. */
export function expiry({ holder, via, target, until, observed }: Hold, newEntry: NewEntry) {
  return newEntry({
    at: until ?? 0,
    kind: 'expire',
    holder,
    address: target,
    details: { via, ...(observed && { observed }) },
  });
}
