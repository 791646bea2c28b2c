import type { ConfigPath, PluginKind, PluginUse } from '@remand/api';
import { type ReadUse, sourcesFrom, toUse } from './plugin-use.ts';
import { pluginUseSchema, sourceUseSchema } from './plugin-use-schema.ts';
import { jailsSchema, rcSchema, rulesSchema } from './rc-schema.ts';
import { resolveFilter } from './resolve-filters.ts';
import { valid } from './valid.ts';
import { isWritten, type Written } from './written.ts';

/** A plugin with options, written where something else is wrong. */
export interface LooseUse {
  readonly kind: PluginKind;
  readonly use: PluginUse;
}

interface LooseGiven {
  /** Of the rc file. */
  readonly folder: string;
  readonly filters: ReadonlyMap<string, PluginUse>;
}

/** The plugins in those parts of an rc file that are left out because something in them is wrong. */
export function looseUses(
  { jails, defaults, notifiers }: Written,
  given: LooseGiven,
): readonly LooseUse[] {
  const actions = isWritten(defaults) ? defaults.actions : undefined;
  return [
    ...(valid(rulesSchema.shape.actions, actions) === undefined
      ? usesIn('action', actions, ['defaults', 'actions'])
      : []),
    ...Object.entries(isWritten(jails) ? jails : {}).flatMap(([name, jail]) =>
      valid(jailsSchema, { [name]: jail }) === undefined ? usesOfJail(name, jail, given) : [],
    ),
    ...(valid(rcSchema.shape.notifiers, notifiers) === undefined
      ? usesIn('notifier', notifiers, ['notifiers'])
      : []),
  ];
}

function usesOfJail(
  name: string,
  jail: unknown,
  { folder, filters }: LooseGiven,
): readonly LooseUse[] {
  if (!isWritten(jail) || jail.enabled === false) return [];
  const path = ['jails', name];
  return [
    ...useAt('filter', jail.filter, [...path, 'filter']).map(({ kind, use }) => ({
      kind,
      use: resolveFilter(use, filters),
    })),
    ...usesIn('source', jail.sources, [...path, 'sources'], sourcesFrom(folder)),
    ...usesIn('action', jail.actions, [...path, 'actions']),
  ];
}

function usesIn(
  kind: PluginKind,
  list: unknown,
  path: ConfigPath,
  read: ReadUse = toUse,
): readonly LooseUse[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item, index) => useAt(kind, item, [...path, index], read));
}

function useAt(
  kind: PluginKind,
  value: unknown,
  path: ConfigPath,
  read: ReadUse = toUse,
): readonly LooseUse[] {
  const written = valid(kind === 'source' ? sourceUseSchema : pluginUseSchema, value);
  return written === undefined ? [] : [{ kind, use: read(written, path) }];
}
