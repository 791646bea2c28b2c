import type { JailState } from '../detect/jail-state.ts';
import type { Outcome } from './contract.ts';

/** What a jail counts, before and after a line. */
export type Counts = Pick<
  JailState,
  'matched' | 'noAddress' | 'neverBan' | 'seenWhileBanned' | 'offences' | 'banned'
>;

/** What detection did, by what it counted. */
export function outcomeOf(
  jail: Counts,
  was: Counts,
  given: {
    readonly tooLong: boolean;
    readonly notOffered: unknown;
    readonly failure: string | undefined;
  },
): Outcome {
  if (jail.banned > was.banned) return 'banned';
  if (jail.offences > was.offences) return 'counted';
  if (jail.seenWhileBanned > was.seenWhileBanned) return 'seen-while-banned';
  if (jail.neverBan > was.neverBan) return 'never-ban';
  if (jail.noAddress > was.noAddress) return 'no-address';
  if (given.tooLong) return 'too-long';
  if (given.failure !== undefined) return 'filter-threw';
  return given.notOffered ? 'not-offered' : 'no-match';
}
