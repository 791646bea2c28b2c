import { type ConfigProblem, printable, reasonOf } from '@remand/api';
import { parseRange } from './address/parse-target.ts';
import { noPlugins } from './build.ts';
import { noCommands, silentLogger, systemClock } from './defaults.ts';
import { createInstance, creationProblem, pluginServices } from './instances.ts';
import type { CheckKernelConfig } from './kernel-contract.ts';
import { localMachine } from './never-ban/local-machine.ts';
import { NeverBanSet } from './never-ban/never-ban-set.ts';
import { protectedNetworks } from './never-ban/protected-networks.ts';
import { Catalogue } from './plugins/catalogue.ts';
import { importModule } from './plugins/import-module.ts';
import { type PlannedJail, planKernel } from './plugins/plan.ts';
import { useGroups } from './plugins/use-groups.ts';

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
  const warnings = [...plan.jails.flatMap(remarksOn), ...(await networkWarnings(given))];
  const problems = [...plan.problems, ...(await filterProblems(plan.jails))];
  return { problems, lists, warnings };
};

/** Filters touch nothing: whether they can be created, their patterns be proven, is tried. */
async function filterProblems(jails: readonly PlannedJail[]): Promise<readonly ConfigProblem[]> {
  const services = pluginServices({
    clock: systemClock,
    logger: silentLogger,
    commands: noCommands,
  });
  const problems: ConfigProblem[] = [];
  for (const { use } of useGroups(jails.map(({ filter }) => filter))) {
    const { plugin, options } = use;
    try {
      const filter = createInstance(services, plugin, { options }, `filter ${plugin.name}`);
      await filter.dispose?.();
    } catch (error) {
      problems.push(creationProblem(error, use.use.path));
    }
  }
  return problems;
}

/** Names of the never-ban set are left out: a check asks no resolver. */
async function networkWarnings({
  config: { network, neverBan },
  machine = localMachine,
}: Parameters<CheckKernelConfig>[0]): Promise<readonly string[]> {
  if (!network) return [];
  const set = new NeverBanSet({
    configured: neverBan.filter((entry) => parseRange(entry) !== undefined),
    machine,
    clock: systemClock,
    logger: silentLogger,
  });
  await set.refresh();
  return protectedNetworks(network, set.entries);
}

function remarksOn({ config, filter: { plugin, options, use } }: PlannedJail): readonly string[] {
  const name = use.given?.name ?? use.name;
  try {
    const remarks = plugin.remarks?.(options) ?? [];
    return remarks.map((remark) =>
      printable(`jail ${config.name}, filter ${name}: ${remark}`, 400),
    );
  } catch (error) {
    return [`filter ${printable(name)} has no remarks: ${printable(reasonOf(error))}`];
  }
}
