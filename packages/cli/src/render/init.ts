import { printable } from '@remand/api';
import type { InitReport } from '@remand/daemon';
import type { Paint } from '../output/paint.ts';
import { type Column, table } from '../output/table.ts';

/** `remand init`: what was found, what was written, and what to do next. */
export function renderInit(report: InitReport, paint: Paint): string {
  const { services, firewall, file, peer } = report;
  const place = printable(file ?? '', 400);
  return [
    services.length === 0
      ? `${paint('yellow', '!')} no log of a service was found that remand knows\n`
      : table(columns, services, paint),
    `bans with ${firewall.action}: ${firewall.why}\n${
      peer === undefined ? '' : `never bans ${peer}: you are logged in from there\n`
    }`,
    `${paint('green', 'written')} to ${place}\nRead it, then: remand check -c ${place}, and remand run --observe -c ${place}\n`,
  ].join('\n');
}

const columns: readonly Column<InitReport['services'][number]>[] = [
  { head: 'JAIL', cell: ({ filter }) => filter },
  { head: 'WHAT IT DOES', cell: ({ does }) => does },
  { head: 'WHY', cell: ({ why }) => why },
];
