import { formatDuration, type NetworkStatus, printable, type StatusReport } from '@remand/api';
import type { Paint } from '../output/paint.ts';
import { type Cell, type Column, table } from '../output/table.ts';
import { when } from '../output/when.ts';
import { type Concern, concerns, otherwiseDropped } from './attention.ts';
import { unseenNeighbours } from './neighbours.ts';

/** `remand status`: one screen, what needs attention first. */
export function renderStatus(status: StatusReport, paint: Paint): string {
  const now = Date.parse(status.now);
  return [
    head(status, now, paint),
    attention(concerns(status), paint),
    `${figures(status)}${unseenNeighbours(status.neighbours, paint)}`,
    section(table(jailColumns(now), status.jails, paint), status.jails.length),
    section(table(rungColumns, status.rungs, paint), status.rungs.length),
    section(
      table(networkColumns, status.network ? [status.network] : [], paint),
      status.network ? 1 : 0,
    ),
    section(table(listColumns, status.lists, paint), status.lists.length),
    section(table(notifierColumns, status.notifiers, paint), status.notifiers.length),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function head(status: StatusReport, now: number, paint: Paint): string {
  const name = paint('bold', `remand ${printable(status.version)}`);
  const observing = status.observe ? ', only observing: no firewall is touched' : '';
  return `${name}, pid ${status.pid}, since ${when(status.startedAt, now)}${observing}\n`;
}

/** A block that says what does not work and what to do, or that all is well. */
export function attention(found: readonly Concern[], paint: Paint): string {
  if (found.length === 0) return `${paint('green', 'all is well')}\n`;
  return found
    .map(({ what, reason, hint }) => {
      const line = `${paint('yellow', '!')} ${printable(what)}: ${printable(reason, 500)}\n`;
      return hint === undefined ? line : `${line}  ${paint('dim', `→ ${printable(hint, 500)}`)}\n`;
    })
    .join('');
}

function figures({ bans, fuse, neverBan }: StatusReport): string {
  const within = formatDuration(fuse.withinMs);
  return (
    `${bans.live} live ${bans.live === 1 ? 'ban' : 'bans'}, ${bans.notEnforced} not enforced; ` +
    `fuse ${fuse.tripped ? 'tripped' : 'whole'} (${fuse.recent} of ${fuse.bans} bans in ${within}); ` +
    `${neverBan.entries} never-ban entries\n`
  );
}

function section(text: string, rows: number): string {
  return rows === 0 ? '' : text;
}

export function stateCell(one: {
  readonly state: 'ok' | 'degraded';
  readonly paused?: boolean;
  readonly observe?: boolean;
}): Cell {
  if (one.state === 'degraded') return { text: 'degraded', style: 'yellow' };
  if (one.paused) return { text: 'paused', style: 'yellow' };
  return { text: one.observe ? 'observing' : 'ok', style: 'green' };
}

function jailColumns(now: number): Column<StatusReport['jails'][number]>[] {
  return [
    { head: 'JAIL', cell: (jail) => jail.name },
    { head: 'STATE', cell: stateCell },
    { head: 'LINES', right: true, cell: (jail) => jail.lines },
    { head: 'MATCHED', right: true, cell: (jail) => jail.matched },
    { head: 'COUNTED', right: true, cell: (jail) => jail.offences },
    { head: 'BANNED', right: true, cell: (jail) => jail.banned },
    { head: 'LIVE', right: true, cell: (jail) => jail.live },
    { head: 'LAG', right: true, cell: (jail) => formatDuration(jail.lagSeconds * 1000) },
    { head: 'LAST MATCH', cell: (jail) => (jail.lastMatchAt ? when(jail.lastMatchAt, now) : '-') },
  ];
}

const rungColumns: readonly Column<StatusReport['rungs'][number]>[] = [
  { head: 'RUNG', cell: (rung) => rung.name },
  { head: 'AFTER', cell: ({ after, of }) => `${after} ${of === null ? 'bans' : `of ${of}`}` },
  { head: 'WITHIN', right: true, cell: (rung) => formatDuration(rung.withinMs) },
  { head: 'BANS FOR', right: true, cell: (rung) => formatDuration(rung.banTimeMs) },
  { head: 'ESCALATED', right: true, cell: (rung) => rung.escalated },
  { head: 'LIVE', right: true, cell: (rung) => rung.live },
  { head: 'JAILS', cell: ({ jails, of }) => (of === null ? (jails?.join(', ') ?? 'all') : '-') },
];

const networkColumns: readonly Column<NetworkStatus>[] = [
  { head: 'NETWORK', cell: ({ v4, v6 }) => [...v4, ...v6].map((prefix) => `/${prefix}`).join(' ') },
  { head: 'AFTER', cell: ({ after }) => `${after} addresses` },
  { head: 'WITHIN', right: true, cell: ({ withinMs }) => formatDuration(withinMs) },
  { head: 'BANS FOR', right: true, cell: ({ banTimeMs }) => formatDuration(banTimeMs) },
  { head: 'BANNED', right: true, cell: ({ banned }) => banned },
  { head: 'REFUSED', right: true, cell: ({ refused }) => refused },
  { head: 'LIVE', right: true, cell: ({ live }) => live },
  { head: 'JAILS', cell: ({ jails }) => jails?.join(', ') ?? 'all' },
];

const listColumns: readonly Column<StatusReport['lists'][number]>[] = [
  { head: 'LIST', cell: (list) => list.list },
  { head: 'STATE', cell: stateCell },
  { head: 'WANTED', right: true, cell: (list) => list.desired },
  { head: 'ENFORCED', right: true, cell: (list) => list.enforced },
  { head: 'PENDING', right: true, cell: (list) => list.pending },
  { head: 'FOREIGN', right: true, cell: (list) => list.foreign },
  { head: 'REPAIRED', right: true, cell: (list) => list.repaired },
  { head: 'HOLDERS', cell: (list) => list.holders.join(', ') },
];

const notifierColumns: readonly Column<StatusReport['notifiers'][number]>[] = [
  { head: 'NOTIFIER', cell: (notifier) => notifier.name },
  { head: 'STATE', cell: stateCell },
  { head: 'QUEUED', right: true, cell: (notifier) => notifier.queued },
  { head: 'DELIVERED', right: true, cell: (notifier) => notifier.delivered },
  { head: 'IN DIGESTS', right: true, cell: (notifier) => notifier.gathered ?? 0 },
  { head: 'REFUSED', right: true, cell: (notifier) => notifier.refused?.notices ?? 0 },
  { head: 'GIVEN UP', right: true, cell: otherwiseDropped },
];
