import { printable, type WhyEvent, type WhyReport } from '@remand/api';
import type { Paint } from '../output/paint.ts';
import { type Column, table } from '../output/table.ts';
import { localTime, untilWhen } from '../output/when.ts';

/** `remand why ADDRESS`: what happened, oldest first, with the lines that decided it. */
export function renderWhy(report: WhyReport, now: number, paint: Paint): string {
  const address = paint('bold', printable(report.address));
  const state = report.live ? `banned ${untilWhen(report.until, now)}` : 'not banned';
  if (report.events.length === 0) return `${address} is ${state}; nothing else is known of it\n`;
  const lines = report.events.flatMap((event, index) => [
    { event, index },
    ...(event.evidence ?? []).map((line) => ({ event, index, line })),
  ]);
  const held = report.holds.map((hold) => `  ${holdLine(hold, now)}\n`).join('');
  return `${address} is ${state}\n${held}\n${table(columns, lines, paint)}`;
}

/** Which hold blocks it, where and until when. */
function holdLine(
  { holder, until, range, lists }: WhyReport['holds'][number],
  now: number,
): string {
  const where = lists.map(({ list, enforced, reason }) =>
    enforced ? list : `${list} (not enforced: ${reason ?? 'not yet'})`,
  );
  const on = where.length === 0 ? 'on no list' : `on ${where.join(', ')}`;
  return printable(`${holder} holds ${range ?? 'it'} ${on} ${untilWhen(until, now)}`, 500);
}

/** An event, or one of the lines that decided it. */
interface Row {
  readonly event: WhyEvent;
  readonly line?: string;
}

const columns: readonly Column<Row>[] = [
  { head: 'AT', cell: ({ event, line }) => (line === undefined ? localTime(event.at) : '') },
  { head: 'WHAT', cell: ({ event, line }) => (line === undefined ? event.kind : '') },
  { head: 'HOLDER', cell: ({ event, line }) => (line === undefined ? event.holder : '') },
  {
    head: 'DETAILS',
    cell: ({ event, line }) =>
      line === undefined ? details(event) : { text: line, style: 'dim' as const },
  },
];

function details(event: WhyEvent): string {
  const parts: string[] = event.range === undefined ? [] : [`range ${event.range}`];
  if (event.until !== undefined) {
    parts.push(event.until === null ? 'for ever' : `until ${localTime(event.until)}`);
  }
  if (event.told !== undefined) parts.push(`of the ${event.told}`);
  if (event.list !== undefined) parts.push(`on ${event.list}`);
  if (event.reason !== undefined) parts.push(event.reason);
  if (event.via !== undefined) parts.push(`on the lists of ${event.via || 'the default actions'}`);
  if (event.ended) parts.push('over already');
  if (event.mistake) parts.push('a mistake: it counts for nothing');
  if (event.observed) parts.push('only observed');
  if (event.line !== undefined) parts.push(event.line);
  return parts.join('; ');
}
