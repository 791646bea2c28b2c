import { type LedgerEntry, type Notice, notifyDefaults } from '@remand/api';
import { countedBans } from '../ledger/counted-bans.ts';
import type { Hold } from '../ledger/ledger.ts';
import type { KernelParts } from '../parts.ts';
import { banNotice, countedNotice } from './notices.ts';
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
  const { most, quietWhenEscalated } = policyOf(given);
  const ranges = decided.flatMap((one) => rangeNotices(given, one));
  // So many end in a digest, which counts them: only that is made of each, and quickly.
  const counted = (entries: readonly LedgerEntry[]): readonly Notice[] | undefined =>
    entries.length > most ? entries.map((entry) => countedNotice(given, entry)) : undefined;
  if (!quietWhenEscalated || given.rungs.length === 0) {
    const notices = counted(decided.flatMap((one) => toldOf(one) ?? []));
    if (notices) return { notices: [...ranges, ...notices], suppressed: [] };
  }
  const { told, suppressed } = withoutSilent(given, decided);
  const notices =
    counted(told.map(({ entry }) => entry)) ?? told.flatMap((one) => fullNotices(given, one));
  return { notices: [...ranges, ...notices], suppressed };
}

/** An entry that people are told of, with what else was decided about its address until then. */
interface ToldBan {
  readonly entry: LedgerEntry;
  readonly of: DecidedBan;
  readonly earlier: readonly DecidedBan[];
}

function withoutSilent(given: TellGiven, decided: readonly DecidedBan[]) {
  const { clock, holds, newEntry, rungs } = given;
  const now = clock.now();
  // Ten thousand bans at once come through here.
  const mayBeSilent = policyOf(given).quietWhenEscalated && rungs.length > 0;
  const told: ToldBan[] = [];
  const suppressed: LedgerEntry[] = [];
  const before = new Map<string, readonly DecidedBan[]>();
  const fired: Map<string, readonly string[]> = firedByAddress(decided);
  for (const of of decided) {
    const { address } = of.ban;
    const earlier: readonly DecidedBan[] = before.get(address) ?? none;
    before.set(address, earlier.length === 0 ? [of] : [...earlier, of]);
    // The holds of rungs that fire here, or later in the batch, were not there before.
    const ahead: readonly string[] = fired.get(address) ?? none;
    if (ahead.length > 0) fired.set(address, ahead.slice(of.followed.length));
    const entry = toldOf(of);
    if (entry === undefined) continue;
    const standing = (hold: Hold) => !ahead.includes(hold.holder);
    const reason = mayBeSilent
      ? silenceReason(entry, { holds: holds.of(address).filter(standing), rungs, now })
      : undefined;
    if (reason === undefined) {
      told.push({ entry, of, earlier });
      continue;
    }
    const { holder } = entry;
    const details = { reason, told: entry === of.ban ? 'ban' : 'escalation' } as const;
    suppressed.push(newEntry({ at: now, kind: 'notice-suppressed', holder, address, details }));
  }
  return { told, suppressed };
}

const none: readonly never[] = [];

function fullNotices(given: TellGiven, { entry, of, earlier }: ToldBan): readonly Notice[] {
  const { clock, holds, ledger, logger, rungs } = given;
  const { quietWhenEscalated: quiet } = policyOf(given);
  const others = [...earlier, of]
    .flatMap(({ ban, followed }) => [ban, ...followed])
    .filter((other) => other !== entry);
  const known = {
    countedBans: (address: string, since: number) => [
      ...ledger.countedBans(address, since),
      ...countedBans(others),
    ],
  };
  return noticesOf(
    { clock, holds, rungs, ledger: known, logger, quiet },
    [withLines(entry, of)],
    banNotice,
  );
}

function rangeNotices(given: TellGiven, of: DecidedBan): readonly Notice[] {
  const bans = (of.ranges ?? none).filter((entry) => entry.kind === 'ban' && isInForce(entry));
  if (bans.length === 0) return none;
  return noticesOf(
    given,
    bans.map((entry) => withLines(entry, of)),
    banNotice,
  );
}

/** What follows from a ban is told with the lines that decided it. */
function withLines(entry: LedgerEntry, { ban }: DecidedBan): LedgerEntry {
  const { evidence } = ban.details ?? {};
  return { ...entry, details: { ...entry.details, ...(evidence && { evidence }) } };
}

function policyOf({ generation }: TellGiven) {
  return generation.config.notify ?? notifyDefaults;
}

/** A ban that escalates is told once, with the time that the address is truly blocked. */
function toldOf({ ban, followed }: DecidedBan): LedgerEntry | undefined {
  if (followed.length === 0) return isInForce(ban) ? ban : undefined;
  const rungBans = followed.filter((entry) => entry.kind === 'ban' && isInForce(entry));
  return longestOf(rungBans) ?? (isInForce(ban) ? ban : undefined);
}

/** The holders of all that follows, in its order: one for each entry. */
function firedByAddress(decided: readonly DecidedBan[]): Map<string, readonly string[]> {
  const fired = new Map<string, readonly string[]>();
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
