import type { ConfigPath, PluginKind, PluginUse } from '@remand/api';
import { toSource, toUse } from './plugin-use.ts';
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
    ...usesIn('source', jail.sources, [...path, 'sources'], folder),
    ...usesIn('action', jail.actions, [...path, 'actions']),
  ];
}

function usesIn(
  kind: PluginKind,
  list: unknown,
  path: ConfigPath,
  folder = '/',
): readonly LooseUse[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item, index) => useAt(kind, item, [...path, index], folder));
}

function useAt(
  kind: PluginKind,
  value: unknown,
  path: ConfigPath,
  folder = '/',
): readonly LooseUse[] {
  const isSource = kind === 'source';
  const written = valid(isSource ? sourceUseSchema : pluginUseSchema, value);
  if (written === undefined) return [];
  return [{ kind, use: isSource ? toSource(written, path, folder) : toUse(written, path) }];
}
