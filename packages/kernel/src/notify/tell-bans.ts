import { type LedgerEntry, type Notice, notifyDefaults } from '@remand/api';
import { countedBans } from '../ledger/counted-bans.ts';
import type { KernelParts } from '../parts.ts';
import { banNotice } from './notices.ts';
import { noticesOf } from './notices-of.ts';
import { silenceReason } from './silence.ts';

/** A ban of a jail, with what it brought about. */
export interface DecidedBan {
  readonly ban: LedgerEntry;
  /** The escalations that it fired, with their bans. */
  readonly followed: readonly LedgerEntry[];
  /** What became of the ranges around it. */
  readonly ranges?: readonly LedgerEntry[];
}

export interface Told {
  readonly notices: readonly Notice[];
  /** What nobody is told of, with the reason. */
  readonly suppressed: readonly LedgerEntry[];
}

type TellGiven = Pick<
  KernelParts,
  'clock' | 'generation' | 'holds' | 'ledger' | 'logger' | 'newEntry' | 'rungs'
>;

/** What people are told of the bans that were decided together. Call it before they are committed. */
export function tellBans(given: TellGiven, decided: readonly DecidedBan[]): Told {
  const { clock, generation, holds, ledger, logger, newEntry, rungs } = given;
  const { quietWhenEscalated: quiet, most } = generation.config.notify ?? notifyDefaults;
  // So many end in a digest, which does not show what came before.
  const isFlood = decided.length > most;
  const notices: Notice[] = [];
  const suppressed: LedgerEntry[] = [];
  const before = new Map<string, LedgerEntry[]>();
  const fired = firedByAddress(decided);
  for (const { ban, followed, ranges = [] } of decided) {
    const { address } = ban;
    const { evidence } = ban.details ?? {};
    const withLines = (entry: LedgerEntry) => ({
      ...entry,
      details: { ...entry.details, ...(evidence && { evidence }) },
    });
    const rangeBans = ranges.filter((entry) => entry.kind === 'ban' && isInForce(entry));
    notices.push(...noticesOf(given, rangeBans.map(withLines), banNotice));
    const earlier = before.get(address) ?? [];
    const told = toldOf({ ban, followed });
    const others = [...earlier, ban, ...followed].filter((entry) => entry !== told);
    before.set(address, [...earlier, ban, ...followed]);
    // The holds of rungs that fire here, or later in the batch, were not there before.
    const ahead = [...(fired.get(address) ?? [])];
    fired.get(address)?.splice(0, followed.length);
    if (told === undefined) continue;
    const standing = holds.of(address).filter(({ holder }) => !ahead.includes(holder));
    const now = clock.now();
    const reason = quiet ? silenceReason(told, { holds: standing, rungs, now }) : undefined;
    if (reason !== undefined) {
      const { holder } = told;
      const details = { reason, told: told === ban ? 'ban' : 'escalation' } as const;
      suppressed.push(newEntry({ at: now, kind: 'notice-suppressed', holder, address, details }));
      continue;
    }
    const facts = (since: number) => (isFlood ? [] : ledger.countedBans(address, since));
    const known = {
      countedBans: (_address: string, since: number) => [...facts(since), ...countedBans(others)],
    };
    notices.push(
      ...noticesOf(
        { clock, holds, rungs, ledger: known, logger, quiet },
        [withLines(told)],
        banNotice,
      ),
    );
  }
  return { notices, suppressed };
}

/** A ban that escalates is told once, with the time that the address is truly blocked. */
function toldOf({ ban, followed }: DecidedBan): LedgerEntry | undefined {
  const rungBans = followed.filter((entry) => entry.kind === 'ban' && isInForce(entry));
  return longestOf(rungBans) ?? (isInForce(ban) ? ban : undefined);
}

/** The holders of all that follows, in its order: one for each entry. */
function firedByAddress(decided: readonly DecidedBan[]): Map<string, string[]> {
  const fired = new Map<string, string[]>();
  for (const { ban, followed } of decided) {
    if (followed.length === 0) continue;
    const holders = followed.map(({ holder }) => holder);
    fired.set(ban.address, [...(fired.get(ban.address) ?? []), ...holders]);
  }
  return fired;
}

export function isInForce({ details }: LedgerEntry): boolean {
  return details?.observed !== true && details?.ended !== true;
}

function longestOf(bans: readonly LedgerEntry[]): LedgerEntry | undefined {
  const end = ({ until }: LedgerEntry) => until ?? Number.POSITIVE_INFINITY;
  return bans.toSorted((left, right) => end(right) - end(left))[0];
}
