import {
  type AnyPlugin,
  type CommandRunner,
  type JailConfig,
  type KernelConfig,
  printable,
} from '@remand/api';
import { builtinDefaults } from '@remand/config';
import { type ChosenSources, chooseSources } from '@remand/kernel';
import { bundled } from '../bundled.ts';
import { importPlugin } from '../import-plugin.ts';
import { fileWithLinesOf } from './file-with-lines-of.ts';
import type { FoundService } from './found.ts';

/** The filters that suggest themselves, and which of them have something to read here. */
export async function findServices(
  commands: CommandRunner,
): Promise<{ readonly services: readonly FoundService[]; readonly others: readonly string[] }> {
  const suggested = await suggestedFilters();
  const { chosen } = await chooseSources({
    config: configOf([...suggested.keys()]),
    ...{ bundled, importModule: importPlugin, commands },
  });
  const services: FoundService[] = [];
  const others: string[] = [];
  for (const [filter, does] of suggested) {
    const of = chosen.find(({ jail }) => jail === filter);
    const why = of && (await whyItFits(of));
    if (why === undefined) others.push(filter);
    else services.push({ filter, does, why });
  }
  return { services, others };
}

async function suggestedFilters(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const [name, load] of Object.entries(bundled.filter)) {
    const plugins = Object.values(Object(await load())) as AnyPlugin[];
    const plugin = plugins.find((one) => one?.kind === 'filter' && one.name === name);
    const does = plugin?.kind === 'filter' ? plugin.suggested : undefined;
    if (does !== undefined) found.set(name, does);
  }
  return found;
}

/** The source is what a daemon would choose. A file may be of several services, so it is looked into. */
async function whyItFits({ filter, sources, reason }: ChosenSources): Promise<string | undefined> {
  const [source] = sources;
  if (source?.name === 'file') {
    const paths: unknown = Reflect.get(Object(source.options), 'paths');
    const file = await fileWithLinesOf(filter, Array.isArray(paths) ? paths.map(String) : []);
    return file && `${printable(file, 200)} has lines of it`;
  }
  return reason.endsWith('has lines of it') ? `the ${source?.name} has lines of it` : undefined;
}

function configOf(filters: readonly string[]): KernelConfig {
  return {
    ...{ plugins: [], neverBan: [], defaultActions: [], defaultBanTimeMs: null, notifiers: [] },
    jails: filters.map(jailOf),
    fuse: builtinDefaults.fuse,
    observe: true,
    maxLineBytes: builtinDefaults.maxLineBytes,
    maxTracked: builtinDefaults.maxTracked,
  };
}

function jailOf(name: string): JailConfig {
  return {
    name,
    filter: { name, options: {}, path: ['jails', name, 'filter'] },
    ...{ sources: [], actions: [], observe: true },
    ...{ findTimeMs: 1, maxRetry: 1, banTimeMs: 1 },
    path: ['jails', name],
  };
}
