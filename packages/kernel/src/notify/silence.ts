import type { LedgerEntry } from '@remand/api';
import { isLiveAt } from '../ledger/hold-rule.ts';
import type { Hold } from '../ledger/ledger.ts';

export interface SilenceGiven {
  /** Holds of the address, without what is decided together with the ban. */
  readonly holds: readonly Hold[];
  /** Names of the rungs, the lowest first. */
  readonly rungs: readonly string[];
  readonly now: number;
}

/**
 * Why nobody is told of a ban: a rung holds its address already, and people were told that there
 * would be silence. A rung further up is news.
 * @returns undefined when people are told
 */
export function silenceReason(
  ban: Pick<LedgerEntry, 'holder'>,
  { holds, rungs, now }: SilenceGiven,
): string | undefined {
  const heights = holds
    .filter((hold) => !hold.observed && isLiveAt(hold, now))
    .map(({ holder }) => rungs.indexOf(holder));
  const highest = Math.max(-1, ...heights);
  if (highest < 0 || rungs.indexOf(ban.holder) > highest) return undefined;
  return `${rungs[highest]} holds the address already`;
}
