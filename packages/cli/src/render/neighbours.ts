import { type NeighboursReport, printable } from '@remand/api';
import type { Paint } from '../output/paint.ts';
import type { Concern } from './attention.ts';

/** The programs beside us that act now: for `status`. */
export function neighbourConcerns(report: NeighboursReport | undefined): Concern[] {
  return allNeighbours(report?.found.filter(({ state, blocks }) => state === 'running' && blocks));
}

/** Also those that will act after the next boot or do not block: for `check`. */
export function allNeighbours(found: NeighboursReport['found'] = []): Concern[] {
  return found.map(({ program, summary, hint }) => ({ what: program, reason: summary, hint }));
}

/** What could not be looked at, so that silence is not taken for an answer. */
export function unseenNeighbours(report: NeighboursReport | undefined, paint: Paint): string {
  if (!report || report.unseen.length === 0) return '';
  const what = printable(report.unseen.join('; '), 500);
  return `${paint('dim', `of other programs that block, this could not be seen: ${what}`)}\n`;
}
