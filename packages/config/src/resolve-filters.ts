import type { PluginUse } from '@remand/api';
import { filtersSchema } from './rc-schema.ts';
import { valid } from './valid.ts';
import { isWritten, type Written } from './written.ts';

/** The filters that an rc file describes, by name. One whose file could not be read is left out. */
export function resolveFilters({ filters }: Written): ReadonlyMap<string, PluginUse> {
  const found = new Map<string, PluginUse>();
  for (const [name, written] of Object.entries(isWritten(filters) ? filters : {})) {
    const options = valid(filtersSchema, { [name]: written })?.[name];
    if (options === undefined || typeof options === 'string') continue;
    const path = ['filters', name];
    found.set(name, { name: 'patterns', options, path, given: { name, path } });
  }
  return found;
}

/** What a jail means by a name: a filter of the rc file itself, if there is one. */
export function resolveFilter(use: PluginUse, filters: ReadonlyMap<string, PluginUse>): PluginUse {
  const own = filters.get(use.name);
  const isPlain = isWritten(use.options) && Object.keys(use.options).length === 0;
  return own && isPlain ? { ...own, path: use.path } : use;
}
