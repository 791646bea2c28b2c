import {
  type ConfigProblem,
  type JailConfig,
  type PluginUse,
  printable,
  type SourcePresence,
} from '@remand/api';
import { noPlugins } from '../build.ts';
import { noCommands, silentLogger, systemClock } from '../defaults.ts';
import type { Services } from '../di/services.ts';
import { injections, pluginServices } from '../instances.ts';
import type { ChooseSources, ChosenSources } from '../kernel-contract.ts';
import { Catalogue } from './catalogue.ts';
import { importModule } from './import-module.ts';
import { resolveUse } from './resolve-use.ts';
import { withDeadline } from './with-deadline.ts';

const lookMs = 10_000;

/** Chooses for jails that name no sources; see `ChooseSources`. */
export const chooseSources: ChooseSources = async (given) => {
  const { config, commands, clock = systemClock, logger = silentLogger } = given;
  const without = config.jails.filter(({ sources }) => sources.length === 0);
  if (without.length === 0) return { config, chosen: [] };
  const catalogue = await Catalogue.load({
    config,
    bundled: given.bundled ?? noPlugins,
    importModule: given.importModule ?? importModule,
  });
  const services = pluginServices({ clock, logger, commands: commands ?? noCommands });
  const look = async (use: PluginUse): Promise<SourcePresence> => {
    if (!commands) return 'logs';
    const deadline = { clock, deadlineMs: lookMs, what: `source ${use.name}: look` };
    return withDeadline(deadline, () => lookFor(use, catalogue, services)).catch(() => 'absent');
  };
  const chosen: ChosenSources[] = [];
  for (const jail of without) {
    const found = await chooseFor(jail, catalogue, look);
    if (found) chosen.push(found);
  }
  const byJail = new Map(chosen.map(({ jail, sources }) => [jail, sources]));
  const jails = config.jails.map((jail) => {
    const sources = byJail.get(jail.name);
    return sources && jail.sources.length === 0 ? { ...jail, sources } : jail;
  });
  return { config: { ...config, jails }, chosen };
};

const ranks = { logs: 2, silent: 1, absent: 0 } as const;

const words = {
  logs: 'has lines of it',
  silent: 'has no lines of it yet',
  absent: 'is not there yet',
} as const;

async function chooseFor(
  jail: JailConfig,
  catalogue: Catalogue,
  look: (use: PluginUse) => Promise<SourcePresence>,
): Promise<ChosenSources | undefined> {
  const uses = await usualSources(jail, catalogue);
  let best: { readonly use: PluginUse; readonly presence: SourcePresence } | undefined;
  for (const use of uses) {
    const presence = await look(use);
    if (!best || ranks[presence] > ranks[best.presence]) best = { use, presence };
    if (presence === 'logs') break;
  }
  if (!best) return undefined;
  const filter = printable(jail.filter.name, 60);
  const reason = `usual for filter ${filter}: ${shown(best.use)} ${words[best.presence]}`;
  return { jail: jail.name, filter: jail.filter.name, sources: [best.use], reason };
}

async function usualSources(jail: JailConfig, catalogue: Catalogue): Promise<PluginUse[]> {
  const plugin = await catalogue.look('filter', jail.filter.name);
  if (!plugin?.usualSources) return [];
  const problems: ConfigProblem[] = [];
  const resolved = await resolveUse(plugin, jail.filter, problems);
  if (!resolved) return [];
  return plugin.usualSources(resolved.options).map(({ name, options }) => ({
    name,
    options,
    path: [...jail.path, 'sources', 0],
  }));
}

async function lookFor(
  use: PluginUse,
  catalogue: Catalogue,
  services: Services,
): Promise<SourcePresence> {
  const plugin = await catalogue.look('source', use.name);
  const resolved = plugin && (await resolveUse(plugin, use, []));
  if (!plugin?.look || !resolved) return 'absent';
  const injected = injections(services, plugin, `source ${use.name}`);
  return plugin.look({ options: resolved.options }, ...injected);
}

/** `the journal`, or the paths of a file. */
function shown({ name, options }: PluginUse): string {
  const paths: unknown = typeof options === 'object' ? Reflect.get(options ?? {}, 'paths') : [];
  if (Array.isArray(paths) && paths.length > 0) return printable(paths.join(', '), 200);
  return `the ${printable(name, 60)}`;
}
