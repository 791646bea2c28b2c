import { isDeepStrictEqual } from 'node:util';
import type { AnyPlugin } from '@remand/api';
import type { ResolvedUse } from './resolve-use.ts';

/** Puts together the uses of one plugin with equal options; `indexes` say where they stood. */
export function useGroups<Plugin extends AnyPlugin>(
  uses: readonly ResolvedUse<Plugin>[],
): readonly { readonly use: ResolvedUse<Plugin>; readonly indexes: readonly number[] }[] {
  const groups: { use: ResolvedUse<Plugin>; indexes: number[] }[] = [];
  for (const [index, use] of uses.entries()) {
    const group = groups.find(
      (one) => one.use.plugin === use.plugin && isDeepStrictEqual(one.use.options, use.options),
    );
    if (group) group.indexes.push(index);
    else groups.push({ use, indexes: [index] });
  }
  return groups;
}
