import { printable } from '@remand/api';
import type { Paint, Style } from './paint.ts';

export type Cell = string | number | { readonly text: string; readonly style: Style };

export interface Column<Row> {
  readonly head: string;
  readonly right?: boolean;
  cell(row: Row): Cell;
}

/** Most characters of one cell: reasons are sentences, attackers write more. */
const widest = 300;

/**
 * An aligned table with a line of headings. Whatever is in a cell is escaped here, so that no
 * caller can forget it.
 */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paint: Paint,
): string {
  const cells = rows.map((row) => columns.map((column) => shown(column.cell(row))));
  const widths = columns.map((column, index) =>
    cells.reduce((most, row) => Math.max(most, row[index]?.text.length ?? 0), column.head.length),
  );
  const heads = columns.map(({ head }) => ({ text: head, style: 'bold' as const }));
  return [heads, ...cells].map((row) => `${line(row, columns, widths, paint)}\n`).join('');
}

/** Aligned pairs of a name and a text, one a line. */
export function pairs(rows: readonly (readonly [string, Cell])[], paint: Paint): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, cell]) => {
      const { text, style } = shown(cell);
      return `${paint('dim', name)}${' '.repeat(width - name.length)}  ${paint(style, text)}\n`;
    })
    .join('');
}

interface Shown {
  readonly text: string;
  readonly style: Style | undefined;
}

function shown(cell: Cell): Shown {
  if (typeof cell === 'object') {
    return { text: printable(cell.text, widest), style: cell.style };
  }
  return { text: printable(String(cell), widest), style: undefined };
}

function line(
  row: readonly Shown[],
  columns: readonly { readonly right?: boolean }[],
  widths: readonly number[],
  paint: Paint,
): string {
  let text = '';
  let owed = 0;
  row.forEach((cell, index) => {
    const room = (widths[index] ?? 0) - cell.text.length;
    const before = columns[index]?.right ? room : 0;
    // Spaces are written only when something follows them: no line ends with any.
    if (cell.text !== '') {
      text += ' '.repeat(owed + before) + paint(cell.style, cell.text);
      owed = 0;
    } else {
      owed += before;
    }
    owed += room - before + 2;
  });
  return text;
}
