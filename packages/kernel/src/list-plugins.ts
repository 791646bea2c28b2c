import type { ConfigProblem, KernelConfig, PluginReport } from '@remand/api';
import { noPlugins } from './build.ts';
import { pluginReports } from './control/plugins.ts';
import type { KernelGiven } from './kernel-contract.ts';
import { Catalogue } from './plugins/catalogue.ts';
import { importModule } from './plugins/import-module.ts';
import { planKernel } from './plugins/plan.ts';

export interface PluginList {
  readonly plugins: readonly PluginReport[];
  /** Of the modules that cannot be loaded. What else is wrong with the configuration is no matter. */
  readonly problems: readonly ConfigProblem[];
}

/** Every plugin that a configuration, or none, can name, as a kernel would say it; nothing is built. */
export async function listPlugins(
  config: KernelConfig | undefined,
  given: Pick<KernelGiven, 'bundled' | 'importModule'>,
): Promise<PluginList> {
  const catalogue = await Catalogue.load({
    config: { plugins: config?.plugins ?? [] },
    bundled: given.bundled ?? noPlugins,
    importModule: given.importModule ?? importModule,
  });
  await catalogue.all();
  const problems = [...catalogue.problems];
  const plan = config === undefined ? nothing : await planKernel(config, catalogue);
  return { plugins: await pluginReports({ catalogue, plan }), problems };
}

const nothing = { jails: [], lists: new Map(), notifiers: [] };
