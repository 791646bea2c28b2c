import type { PluginReport } from '@remand/api';
import type { Catalogue } from '../plugins/catalogue.ts';
import type { Plan } from '../plugins/plan.ts';

/** Every plugin that this configuration can name, with how often it does. */
export async function pluginReports({
  catalogue,
  plan,
}: {
  readonly catalogue: Catalogue;
  readonly plan: Pick<Plan, 'jails' | 'lists' | 'notifiers'>;
}): Promise<readonly PluginReport[]> {
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
