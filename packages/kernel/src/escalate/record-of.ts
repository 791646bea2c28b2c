import type { LedgerEntry } from '@remand/api';
import { jailBans } from '../ledger/counted-bans.ts';
import { viaOf } from '../ledger/hold-rule.ts';

/** A ban or an escalation of an address that rungs may count. */
export interface Deed {
  readonly id: string;
  /** The jail or the rung. */
  readonly holder: string;
  readonly at: number;
  readonly observed: boolean;
  /** Where it stands among the entries. */
  readonly turn: number;
}

export interface PastEscalation extends Deed {
  /** The ids of what it used up. */
  readonly counted: readonly string[];
  readonly via: string;
  /** The end of its hold in ms since the epoch, also when the hold was lifted early. */
  heldUntil: number;
  mistake: boolean;
}

/** What an address has done, as far as rungs care. */
export interface AddressRecord {
  readonly bans: readonly Deed[];
  readonly escalations: readonly PastEscalation[];
}

/** @param entries of one address, in the order in which they were applied */
export function recordOf(entries: readonly LedgerEntry[]): AddressRecord {
  const standing = new Set(jailBans(entries));
  const bans: Deed[] = [];
  const escalations: PastEscalation[] = [];
  for (const [turn, entry] of entries.entries()) {
    if (entry.kind === 'ban') {
      if (standing.has(entry)) bans.push(deedOf(entry, turn));
    } else if (entry.kind === 'escalate') {
      escalations.push({
        ...deedOf(entry, turn),
        counted: entry.details?.counted ?? [],
        via: viaOf(entry),
        heldUntil: entry.until ?? Number.POSITIVE_INFINITY,
        mistake: false,
      });
    } else if (entry.kind === 'unban') {
      lift(entry, escalations);
    }
  }
  return { bans, escalations };
}

function deedOf({ id, holder, at, details }: LedgerEntry, turn: number): Deed {
  return { id, holder, at, observed: details?.observed === true, turn };
}

/** The last hold of a rung is the one that can be lifted; those before it have ended. */
function lift({ holder, at, details }: LedgerEntry, escalations: readonly PastEscalation[]): void {
  const last = escalations.findLast(
    (one) => one.holder === holder && one.via === (details?.via ?? one.via),
  );
  if (!last) return;
  last.heldUntil = Math.min(last.heldUntil, at);
  if (details?.mistake === true) last.mistake = true;
}
