import type { PatternTrial } from '@remand/api';
import type { Paint } from '../output/paint.ts';
import { type Column, table } from '../output/table.ts';

/** Patterns that are shown; the others stopped earlier. */
const most = 5;

/** Which patterns were tried and where each stopped, those first that got furthest. */
export function renderPatterns(
  patterns: readonly PatternTrial[],
  message: string,
  paint: Paint,
): string {
  const begun = patterns.filter(({ matched, reached }) => matched || reached > 0);
  const best = begun.toSorted((left, right) => rank(right) - rank(left)).slice(0, most);
  const shown = best.map((trial) => ({ ...trial, message }));
  const others = patterns.length - best.length;
  if (best.length === 0)
    return `  ${paint('dim', `none of ${others} patterns begins like that`)}\n`;
  const more = others > 0 ? `  ${paint('dim', `and ${others} more, which got no further`)}\n` : '';
  return indented(table(columns, shown, paint)) + more;
}

function rank({ matched, reached }: PatternTrial): number {
  return matched ? Number.POSITIVE_INFINITY : reached;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

const columns: readonly Column<PatternTrial & { readonly message: string }>[] = [
  {
    head: 'PATTERN',
    cell: ({ pattern, matched }) => (matched ? { text: pattern, style: 'green' } : pattern),
  },
  { head: 'GOT TO', right: true, cell: ({ reached }) => reached },
  {
    head: 'THERE STANDS',
    cell: ({ matched, reached, message }) => (matched ? 'the end' : standing(message, reached)),
  },
  { head: 'WANTED', cell: ({ matched, wanted }) => (matched ? '' : (wanted ?? 'something else')) },
];

function standing(message: string, at: number): string {
  if (at >= message.length) return 'the end';
  const text = message.slice(at, at + 30);
  return at + 30 < message.length ? `${text}…` : text;
}
