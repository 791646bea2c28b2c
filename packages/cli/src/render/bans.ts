import type { BanReport, HoldReport } from '@remand/api';
import type { Paint } from '../output/paint.ts';
import { type Cell, type Column, table } from '../output/table.ts';
import { localTime, when } from '../output/when.ts';

interface Row {
  readonly address: string;
  readonly hold: HoldReport;
}

/** `remand bans`: a line for each hold. */
export function renderBans(bans: readonly BanReport[], now: number, paint: Paint): string {
  if (bans.length === 0) return 'nobody is banned\n';
  const rows = bans.flatMap(({ address, holds }) => holds.map((hold) => ({ address, hold })));
  return table(columns(now), rows, paint);
}

function columns(now: number): Column<Row>[] {
  return [
    { head: 'ADDRESS', cell: ({ address }) => address },
    { head: 'HOLDER', cell: ({ hold }) => hold.holder },
    { head: 'SINCE', cell: ({ hold }) => localTime(hold.since) },
    { head: 'UNTIL', cell: ({ hold }) => when(hold.until, now) },
    { head: 'LISTS', cell: ({ hold }) => hold.lists.map(({ list }) => list).join(', ') || '-' },
    { head: 'ENFORCED', cell: ({ hold }) => enforced(hold) },
  ];
}

function enforced({ lists }: HoldReport): Cell {
  const missing = lists.filter((list) => !list.enforced);
  const reasons = new Set(lists.flatMap(({ reason }) => (reason === undefined ? [] : [reason])));
  const because = reasons.size === 0 ? '' : `: ${[...reasons].join('; ')}`;
  if (lists.length === 0) return { text: 'no', style: 'yellow' };
  if (missing.length === 0) return { text: `yes${because}`, style: 'green' };
  const where =
    missing.length === lists.length ? 'no' : `not on ${missing.map(listName).join(', ')}`;
  return { text: `${where}${because}`, style: 'red' };
}

function listName({ list }: { readonly list: string }): string {
  return list;
}
