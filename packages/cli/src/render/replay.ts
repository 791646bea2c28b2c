import { printable } from '@remand/api';
import type { ReplayReport } from '@remand/daemon';
import type { Paint } from '../output/paint.ts';
import { type Column, table } from '../output/table.ts';
import { localTime } from '../output/when.ts';
import { linesPerSecond } from './replay-progress.ts';

type Ban = ReplayReport['bans'][number];
type Busy = ReplayReport['addresses'][number];
type Jail = ReplayReport['jails'][number];

const mostBans = 50;
const mostBusy = 10;

/** `remand replay`: what would have been done, then to whom. */
export function renderReplay(report: ReplayReport, paint: Paint): string {
  return [
    headline(report, paint),
    table(logColumns, report.logs, paint),
    table(jailColumns, report.jails, paint),
    bans(report.bans, paint),
    busiest('BUSIEST ADDRESS', report.addresses, paint),
    busiest('BUSIEST NETWORK', report.networks, paint),
    spared(report.spared, paint),
    [...report.jails.flatMap(troubles), ...report.warnings]
      .map((text) => `${paint('yellow', '!')} ${printable(text, 500)}\n`)
      .join(''),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function headline({ lines, seconds, bans: found, logs }: ReplayReport, paint: Paint): string {
  const of = logs.length === 1 ? 'one log' : `${logs.length} logs`;
  const speed = linesPerSecond(lines, seconds * 1000);
  const what = found.length === 1 ? 'one ban' : `${found.length} bans`;
  return `${paint('bold', what)} from ${lines} lines of ${of}, in ${seconds} s (${speed})\n`;
}

function bans(all: readonly Ban[], paint: Paint): string {
  if (all.length === 0) return 'nobody would have been banned\n';
  const shown = table(banColumns, all.slice(0, mostBans), paint);
  return shown + more(all.length - mostBans, paint, '; --json lists every one');
}

function busiest(head: string, all: readonly Busy[], paint: Paint): string {
  if (all.length === 0) return '';
  return (
    table(busyColumns(head), all.slice(0, mostBusy), paint) + more(all.length - mostBusy, paint)
  );
}

function spared(all: ReplayReport['spared'], paint: Paint): string {
  if (all.length === 0) return '';
  const columns: Column<ReplayReport['spared'][number]>[] = [
    ...busyColumns('NEVER BANNED'),
    { head: 'WHY', cell: ({ why }) => why },
  ];
  return table(columns, all.slice(0, mostBusy), paint) + more(all.length - mostBusy, paint);
}

function more(count: number, paint: Paint, where = ''): string {
  return count > 0 ? `${paint('dim', `and ${count} more${where}`)}\n` : '';
}

/** What a jail's numbers mean, where they are not as they should be. */
function troubles(jail: Jail): string[] {
  const { name, lines, dated, oversized, evicted, trouble } = jail;
  const undated = lines - dated - oversized;
  return [
    ...(trouble === undefined ? [] : [trouble]),
    ...counted(undated, 'lines without a date count at the time of the line before'),
    ...counted(oversized, 'lines are longer than maxLine and were not matched'),
    ...counted(evicted, 'addresses were forgotten while they counted (maxTracked)'),
  ].map((text) => `jail ${name}: ${text}`);
}

function counted(count: number, what: string): string[] {
  return count > 0 ? [`${what}: ${count}`] : [];
}

const logColumns: readonly Column<ReplayReport['logs'][number]>[] = [
  { head: 'LOG', cell: ({ path }) => path },
  { head: 'FROM', cell: ({ from }) => localTime(from) },
];

const jailColumns: readonly Column<Jail>[] = [
  { head: 'JAIL', cell: ({ name }) => name },
  { head: 'LINES', right: true, cell: ({ lines }) => lines },
  { head: 'MATCHED', right: true, cell: ({ matched }) => matched },
  { head: 'OFFENCES', right: true, cell: ({ offences }) => offences },
  { head: 'WHILE BANNED', right: true, cell: ({ seenWhileBanned }) => seenWhileBanned },
  { head: 'NEVER BAN', right: true, cell: ({ neverBan }) => neverBan },
  { head: 'NO ADDRESS', right: true, cell: ({ noAddress }) => noAddress },
  { head: 'BANS', right: true, cell: ({ banned }) => banned },
];

const banColumns: readonly Column<Ban>[] = [
  { head: 'BANNED', cell: ({ address }) => address },
  { head: 'HOLDER', cell: ({ holder, rung }) => (rung === null ? holder : `${holder} (${rung})`) },
  { head: 'AT', cell: ({ at }) => localTime(at) },
  { head: 'UNTIL', cell: ({ until }) => (until === null ? 'for ever' : localTime(until)) },
];

function busyColumns(head: string): readonly Column<Busy>[] {
  return [
    { head, cell: ({ address }) => address },
    { head: 'MATCHED', right: true, cell: ({ matched }) => matched },
  ];
}
