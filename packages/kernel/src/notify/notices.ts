import {
  type Clock,
  type FuseReport,
  formatDuration,
  type LedgerEntry,
  type Notice,
  type NoticeKind,
  type NoticeLedgerState,
  networkHolder,
  printable,
  type Target,
} from '@remand/api';
import { countedBans } from '../ledger/counted-bans.ts';
import { newEntryId } from '../ledger/entry-id.ts';
import { endsHold, holdAfter, viaOf } from '../ledger/hold-rule.ts';
import type { Hold, Ledger } from '../ledger/ledger.ts';

type ClockGiven = Pick<NoticeGiven, 'clock'>;

/** What builders need; `KernelParts` has it. */
export interface NoticeGiven {
  readonly clock: Clock;
  readonly holds: { of(target: Target): readonly Hold[] };
  readonly ledger: Pick<Ledger, 'countedBans'>;
  /** Names of the rungs, the lowest first. */
  readonly rungs?: readonly string[];
  /** Whether nothing more is told of an address that is escalated. */
  readonly quiet?: boolean;
}

const mostHistory = 10;

/** A ban, of a rung an escalation. Call it before the entry is committed: the count adds it. */
export function banNotice(given: NoticeGiven, entry: LedgerEntry): Notice {
  const { holder, address, at, details } = entry;
  const until = entry.until ?? null;
  const ledger = stateWith(given, entry);
  const isRange = holder === networkHolder;
  const escalated = isRange || given.rungs?.includes(holder) === true;
  const verb = details?.observed === true ? 'would ban' : 'banned';
  const parts = [`${printable(holder)} ${verb} ${printable(address)} ${lasting(at, until)}`];
  if (details?.ended === true) parts.push('which is over already');
  if (escalated && !isRange) parts.push(`as it was banned ${times(ledger.bans)}`);
  else if (details?.offences) parts.push(`after ${many(details.offences, 'offence')}`);
  const kind = escalated ? 'escalation' : 'ban';
  const inForce = details?.observed !== true && details?.ended !== true;
  const silence = escalated && inForce && given.quiet === true;
  const told = sentence(parts, details?.reason);
  const silent = 'Nothing more is told of it until then.';
  return {
    ...noticeAt(given, at, kind, silence ? `${told} ${silent}` : told),
    holder,
    address,
    until,
    ledger,
    ...(details?.evidence && { evidence: details.evidence }),
    ...(inForce && { undo: undoCommand(entry) }),
    ...(silence && { silence }),
  };
}

/** A ban, or an escalation, that only counts: one of too many to be shown each. */
export function countedNotice(
  { rungs }: Pick<NoticeGiven, 'rungs'>,
  { id, holder, address, at, until = null }: LedgerEntry,
): Notice {
  const kind = rungs?.includes(holder) === true ? 'escalation' : 'ban';
  // The entry's own id serves: no other notice tells of it.
  return { id, kind, at, summary: `${holder} banned ${address}.`, holder, address, until };
}

/** A hold that was in force when remand started. */
export function restoredNotice(given: NoticeGiven, hold: Hold): Notice {
  const { holder, target: address, until, since } = hold;
  const end = lasting(given.clock.now(), until);
  const what = `${printable(address)} is still banned by ${printable(holder)} ${end}`;
  const holds = given.holds.of(address).map((one) => ({ holder: one.holder, until: one.until }));
  return {
    ...noticeNow(given, 'ban', sentence([what], undefined)),
    ...{ holder, address, until },
    ledger: { holds, rung: rungOf(given, holds), bans: 0, history: [{ at: since, holder, until }] },
    undo: undoCommand({ holder, address }),
  };
}

export function startedNotice(given: ClockGiven, bans: number): Notice {
  return noticeNow(given, 'started', `remand has started; ${many(bans, 'ban')} in force.`);
}

export function stoppedNotice(given: ClockGiven, bans: number): Notice {
  const left = bans === 0 ? '' : `; ${many(bans, 'ban')} stay in the firewall until they end`;
  return noticeNow(given, 'stopped', `remand is being stopped${left}.`);
}

/** A ban that somebody lifted. */
export function unbanNotice(given: NoticeGiven, entry: LedgerEntry): Notice {
  const { holder, address, at, details } = entry;
  const mistake = details?.mistake === true ? ' as a mistake' : '';
  const what = `The ban of ${printable(address)} by ${printable(holder)} was lifted${mistake}`;
  return {
    ...noticeAt(given, at, 'unban', sentence([what], details?.reason)),
    holder,
    address,
    ledger: stateWith(given, entry),
  };
}

/** Bans that a list does not block. Give all targets: the first is named, the others counted. */
export function notEnforcedNotice(
  given: ClockGiven,
  facts: { readonly list: string; readonly targets: readonly string[]; readonly reason: string },
): Notice {
  const [first = 'an address', ...others] = facts.targets;
  const rest = others.length > 0 ? ` and ${many(others.length, 'other')}` : '';
  const verb = others.length > 0 ? 'are' : 'is';
  const what = `${printable(first)}${rest} ${verb} banned but not blocked by ${printable(facts.list)}`;
  return {
    ...noticeNow(given, 'not-enforced', sentence([what], facts.reason)),
    ...(others.length === 0 && facts.targets.length === 1 && { address: first }),
  };
}

/** A list enforces everything again. */
export function recoveredNotice(given: ClockGiven, facts: { readonly list: string }): Notice {
  return noticeNow(
    given,
    'recovered',
    `${printable(facts.list)} blocks everything it should again.`,
  );
}

/** A firewall that somebody else changed, and that was repaired. */
export function driftNotice(
  given: ClockGiven,
  facts: { readonly list: string; readonly missing: number; readonly extra: number },
): Notice {
  const found = `${many(facts.missing, 'entry', 'entries')} missing and ${facts.extra} too many`;
  return noticeNow(
    given,
    'drift',
    `Somebody changed the firewall: ${printable(facts.list)} had ${found}; it is being repaired.`,
  );
}

/** A banned address whose lines go on. The entry holds the likely reason and the line. */
export function stillSeenNotice(
  given: NoticeGiven,
  entry: LedgerEntry,
  facts: { readonly hint: string; readonly until: number | null },
): Notice {
  const { holder, address, at, details } = entry;
  const what = `${printable(address)} is banned by ${printable(holder)} and still seen`;
  const summary = `${sentence([what], details?.reason)} What to do: ${printable(facts.hint, 500)}.`;
  return {
    ...noticeAt(given, at, 'still-seen', summary),
    holder,
    address,
    until: facts.until,
    ledger: stateWith(given, entry),
    ...(details?.evidence && { evidence: details.evidence }),
  };
}

/** The fuse has tripped. */
export function fuseNotice(
  given: ClockGiven,
  report: Pick<FuseReport, 'bans' | 'withinMs'>,
): Notice {
  const rate = `more than ${report.bans} bans within ${formatDuration(report.withinMs)}`;
  const effect = 'no new range bans and no new rungs until the rate falls or "remand fuse reset"';
  return noticeNow(given, 'fuse', `The fuse has tripped: ${rate}; ${effect}.`);
}

/** A jail, list, source or notifier that does not work as it should. */
export function degradedNotice(
  given: ClockGiven,
  facts: { readonly what: string; readonly reason: string; readonly hint: string },
): Notice {
  const what = `${printable(facts.what)} is degraded`;
  const hint = printable(facts.hint);
  return noticeNow(given, 'degraded', `${sentence([what], facts.reason)} What to do: ${hint}`);
}

/** Nothing happened: somebody wants to see that a message arrives. */
export function testNotice(given: ClockGiven, notifier: string): Notice {
  const what = `This is a test of the notifier ${printable(notifier)}`;
  return noticeNow(given, 'test', `${what}, made by "remand check --notify": nothing happened.`);
}

type Bare = Pick<Notice, 'id' | 'kind' | 'at' | 'summary'>;

function noticeNow(given: ClockGiven, kind: NoticeKind, summary: string): Bare {
  return noticeAt(given, given.clock.now(), kind, summary);
}

function noticeAt(given: ClockGiven, at: number, kind: NoticeKind, summary: string): Bare {
  return { id: newEntryId(given.clock), kind, at, summary };
}

/** What the ledger will know once the entry is in it. */
function stateWith(given: NoticeGiven, entry: LedgerEntry): NoticeLedgerState {
  const { address, kind } = entry;
  const others = given.holds.of(address).filter((hold) => !concerns(entry, hold));
  const made = kind === 'ban' ? holdAfter(undefined, entry) : undefined;
  const holds = made ? [...others, made] : others;
  const before = given.ledger.countedBans(address, Number.NEGATIVE_INFINITY);
  // The ban that fired a rung has its time.
  const history = before.filter(({ at }) => at < entry.at).slice(-mostHistory);
  return {
    holds: holds.map(({ holder, until }) => ({ holder, until })),
    rung: rungOf(given, holds),
    bans: before.length + countedBans([entry]).length,
    ...(history.length > 0 && { history }),
  };
}

/** The highest rung among the holders. */
function rungOf({ rungs = [] }: NoticeGiven, holds: readonly { readonly holder: string }[]) {
  return rungs.findLast((rung) => holds.some(({ holder }) => holder === rung)) ?? null;
}

function undoCommand({ holder, address }: Pick<LedgerEntry, 'holder' | 'address'>): string {
  return `remand unban ${printable(address)} --jail ${printable(holder)}`;
}

function concerns(entry: LedgerEntry, hold: Hold): boolean {
  if (hold.holder !== entry.holder) return false;
  return entry.kind === 'ban' ? hold.via === viaOf(entry) : endsHold(entry, hold);
}

function sentence(parts: readonly string[], reason: string | undefined): string {
  const why = reason ? `: ${printable(reason).replace(/\.$/, '')}` : '';
  return `${parts.join(', ')}${why}.`;
}

function lasting(at: number, until: number | null): string {
  // A Date ends in the year 275760, which a clock that is badly wrong may pass.
  if (until === null || until > 8.64e15) return 'for ever';
  const end = new Date(until).toISOString().slice(0, 19).replace('T', ' ');
  return `for ${formatDuration(until - at)}, until ${end} UTC`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function many(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
