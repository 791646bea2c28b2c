import type { FlushOutcome } from '@remand/api';
import type { Paint } from '../output/paint.ts';
import { type Column, table } from '../output/table.ts';

type Row = FlushOutcome['lists'][number];

/** What became of each list. */
export function renderFlush(lists: readonly Row[], paint: Paint): string {
  return lists.length === 0 ? 'there is no list to flush\n' : table(columns, lists, paint);
}

const columns: readonly Column<Row>[] = [
  { head: 'LIST', cell: ({ list }) => list },
  {
    head: 'FLUSHED',
    cell: ({ removed, reason }) =>
      removed
        ? { text: 'yes', style: 'green' }
        : { text: `no${reason === undefined ? '' : `: ${reason}`}`, style: 'red' },
  },
];
