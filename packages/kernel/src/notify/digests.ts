import {
  type Clock,
  formatDuration,
  type LedgerEntryKind,
  type Notice,
  type NoticeDigest,
  type NoticeKind,
  printable,
} from '@remand/api';
import { newEntryId } from '../ledger/entry-id.ts';
import type { PeriodSummary } from '../ledger/ledger.ts';
import { DigestTables } from './digest-tables.ts';

/** Why a notice of an overflow is not sent, in the words of the ledger. */
export const inDigest = 'too many at once: it is counted in a digest';

/** What came together and is too much to be sent one by one, added to what was gathered before. */
export function overflowDigest(
  before: Notice | undefined,
  notices: readonly Notice[],
  clock: Clock,
): Notice {
  const tables = new DigestTables(before?.digest);
  let { since, until } = before?.digest ?? { since: Number.POSITIVE_INFINITY, until: 0 };
  for (const { kind, holder, address, at } of notices) {
    tables.count(kind, holder);
    if (address !== undefined) tables.address(address);
    since = Math.min(since, at);
    until = Math.max(until, at);
  }
  const digest = { of: 'overflow', since, until, ...tables.tables(false) } as const;
  // One of its own: who has seen an earlier state of it must not take this for the same.
  const id = newEntryId(clock);
  return { id, kind: 'digest', at: clock.now(), summary: overflowSummary(digest), digest };
}

/** As it is delivered: the greatest only. */
export function shownDigest(notice: Notice): Notice {
  const { digest } = notice;
  if (!digest) return notice;
  return { ...notice, digest: { ...digest, ...new DigestTables(digest).tables(true) } };
}

const noticedAs: ReadonlyMap<LedgerEntryKind, NoticeKind> = new Map([
  ['ban', 'ban'],
  ['escalate', 'escalation'],
  ['unban', 'unban'],
  ['still-seen', 'still-seen'],
]);

/** The regular digest; undefined when nothing happened. */
export function regularDigest(
  period: { readonly of: 'day' | 'week'; readonly since: number; readonly until: number },
  summary: PeriodSummary,
  { clock, rungs }: { readonly clock: Clock; readonly rungs: readonly string[] },
): Notice | undefined {
  const tables = new DigestTables();
  for (const { kind, holder, count } of summary.counts) {
    const noticed = noticedAs.get(kind);
    // The ban of a rung belongs to its escalation.
    const isTwin = kind === 'ban' && rungs.includes(holder);
    if (noticed !== undefined && !isTwin) tables.count(noticed, holder, count);
  }
  for (const { reason, count } of summary.suppressed) tables.suppressed(reason, count);
  for (const { address, count } of summary.addresses) tables.address(address, count);
  if (tables.isEmpty) return undefined;
  const digest = { ...period, ...tables.tables(true) };
  const text = `The last ${period.of}: ${countsText(digest)}.`;
  return { id: newEntryId(clock), kind: 'digest', at: period.until, summary: text, digest };
}

function overflowSummary(digest: NoticeDigest): string {
  const [network] = digest.networks;
  const within = formatDuration(Math.max(1_000, digest.until - digest.since));
  const most = network ? `, most of them in ${network.network} (${network.count})` : '';
  return `Too much to be told one by one within ${within}: ${countsText(digest)}${most}.`;
}

/** `12 bans by sshd, 1 escalation by repeat-offender; 3 notices were not sent` */
function countsText({ counts, suppressed }: Pick<NoticeDigest, 'counts' | 'suppressed'>): string {
  const parts = counts.slice(0, 10).map(({ kind, holder, count }) => {
    const by = holder === undefined ? '' : ` by ${printable(holder)}`;
    return `${count} ${plural(kind, count)}${by}`;
  });
  const rest = counts.length - parts.length;
  if (rest > 0) parts.push(`and ${rest} more kinds`);
  const silent = suppressed.reduce((sum, { count }) => sum + count, 0);
  const said = parts.length > 0 ? parts.join(', ') : 'no bans';
  return silent > 0 ? `${said}; ${silent} ${plural('notice', silent)} not sent` : said;
}

function plural(word: string, count: number): string {
  const counted = new Set(['ban', 'escalation', 'unban', 'notice']);
  return count === 1 || !counted.has(word) ? word : `${word}s`;
}
