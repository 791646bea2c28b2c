import type { PluginReport } from '@remand/api';
import type { Paint } from '../output/paint.ts';
import { type Column, table } from '../output/table.ts';

/** `remand plugins`. */
export function renderPlugins(plugins: readonly PluginReport[], paint: Paint): string {
  return table(columns, plugins, paint);
}

const columns: readonly Column<PluginReport>[] = [
  { head: 'KIND', cell: ({ kind }) => kind },
  { head: 'NAME', cell: ({ name }) => name },
  { head: 'USED', right: true, cell: ({ inUse }) => inUse },
  { head: 'FROM', cell: ({ origin }) => origin },
  { head: 'SUMMARY', cell: ({ summary }) => summary },
];
