import type { PluginReport } from '@remand/api';
import type { Generation } from '../generation.ts';

/** Every plugin that this configuration can name, with how often it does. */
export async function pluginReports({
  catalogue,
  plan,
}: Generation): Promise<readonly PluginReport[]> {
  const used = [
    ...plan.jails.flatMap(({ filter, sources }) => [filter, ...sources]),
    ...[...plan.lists.values()].map(({ use }) => use),
    ...plan.notifiers,
  ].map(({ plugin }) => plugin);
  return (await catalogue.all()).map(({ plugin, origin }) => ({
    name: plugin.name,
    kind: plugin.kind,
    summary: plugin.summary,
    origin,
    apiVersion: plugin.apiVersion,
    inUse: used.filter((one) => one === plugin).length,
  }));
}
