import { printable } from '@remand/api';
import type { CheckReport } from '@remand/daemon';
import type { Paint } from '../output/paint.ts';
import { type Column, table } from '../output/table.ts';
import { allNeighbours, unseenNeighbours } from './neighbours.ts';
import { renderProblems } from './problems.ts';
import { attention } from './status.ts';

/** `remand check`: mistakes first, because with any of them the rest is only a guess. */
export function renderCheck(report: CheckReport, paint: Paint): string {
  const beside = allNeighbours(report.neighbours.found);
  return [
    renderProblems(report.problems, paint),
    report.values.length === 0 ? '' : table(valueColumns, report.values, paint),
    report.lists.length === 0 ? '' : table(listColumns, report.lists, paint),
    [
      ...report.warnings.map((text) => `${paint('yellow', '!')} ${printable(text, 500)}\n`),
      beside.length === 0 ? '' : attention(beside, paint),
      unseenNeighbours(report.neighbours, paint),
    ].join(''),
    verdict(report, paint),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function verdict(report: CheckReport, paint: Paint): string {
  const { files, problems: found, warnings, neighbours } = report;
  const warned = warnings.length + neighbours.found.length;
  const read = printable(files.join(', '), 1_000);
  if (found.length > 0) return `${paint('red', counted(found.length, 'mistake'))} in ${read}\n`;
  const but = warned === 0 ? '' : `, with ${counted(warned, 'warning')}`;
  return `${paint('green', 'no mistakes')}${but} in ${read}\n`;
}

function counted(count: number, what: string): string {
  return count === 1 ? `one ${what}` : `${count} ${what}s`;
}

const valueColumns: readonly Column<CheckReport['values'][number]>[] = [
  { head: 'SETTING', cell: ({ path }) => path },
  { head: 'VALUE', cell: ({ value }) => value },
  { head: 'FROM', cell: ({ origin }) => origin },
];

const listColumns: readonly Column<CheckReport['lists'][number]>[] = [
  { head: 'LIST', cell: ({ list }) => list },
  { head: 'ACTION', cell: ({ action }) => action },
  { head: 'ENTRIES', cell: ({ ownership }) => entries[ownership] },
  { head: 'HOLDERS', cell: ({ holders }) => holders.join(', ') },
];

const entries = { own: "all remand's", shared: "others' too" } as const;
