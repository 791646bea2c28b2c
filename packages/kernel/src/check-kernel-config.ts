import { importModule, noPlugins } from './build.ts';
import type { CheckKernelConfig } from './kernel-contract.ts';
import { Catalogue } from './plugins/catalogue.ts';
import { planKernel } from './plugins/plan.ts';

/** Plans a kernel without building it; see `CheckKernelConfig`. */
export const checkKernelConfig: CheckKernelConfig = async (given) => {
  const catalogue = await Catalogue.load({
    config: given.config,
    bundled: given.bundled ?? noPlugins,
    importModule: given.importModule ?? importModule,
  });
  const plan = await planKernel(given.config, catalogue, given.looseUses);
  const lists = [...plan.lists.values()].map(({ key, use, holders }) => ({
    list: key,
    action: use.plugin.name,
    ownership: use.plugin.ownership,
    holders: [...holders],
  }));
  return { problems: plan.problems, lists, warnings: [] };
};
