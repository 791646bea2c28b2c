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
import { findRunning, programOf, type Running } from './find-running.ts';
import type { FoundService } from './found.ts';

type FilterPlugin = AnyPlugin<'filter'>;

const mostPorts = 5;

/** The filters that suggest themselves, and which of them have something to read or to wait for here. */
export async function findServices(
  commands: CommandRunner,
): Promise<{ readonly services: readonly FoundService[]; readonly others: readonly string[] }> {
  const suggested = await suggestedFilters();
  const { chosen } = await chooseSources({
    config: configOf([...suggested.keys()]),
    ...{ bundled, importModule: importPlugin, commands },
  });
  const running = await findRunning(commands);
  const services: FoundService[] = [];
  const others: string[] = [];
  for (const [filter, plugin] of suggested) {
    const of = chosen.find(({ jail }) => jail === filter);
    const whys = [of && (await logOf(of)), of && (await itRuns(plugin, running))];
    const why = whys.filter((one) => one !== undefined).join(', and ');
    if (why === '') others.push(filter);
    else services.push({ filter, does: plugin.suggested ?? '', why });
  }
  return { services, others };
}

async function suggestedFilters(): Promise<ReadonlyMap<string, FilterPlugin>> {
  const found = new Map<string, FilterPlugin>();
  for (const [name, load] of Object.entries(bundled.filter)) {
    const plugins = Object.values(Object(await load())) as AnyPlugin[];
    const plugin = plugins.find((one) => one?.kind === 'filter' && one.name === name);
    if (plugin?.kind === 'filter' && plugin.suggested !== undefined) found.set(name, plugin);
  }
  return found;
}

/** A service that is installed and quiet has no line yet. It is known by what its journal is asked for. */
async function itRuns(plugin: FilterPlugin, running: Running): Promise<string | undefined> {
  const checked = await plugin.options['~standard'].validate({});
  const usual = checked.issues ? [] : (plugin.usualSources?.(checked.value) ?? []);
  const names = usual.flatMap(({ options }) =>
    [Reflect.get(Object(options), 'identifiers'), Reflect.get(Object(options), 'units')].flatMap(
      (list) => (Array.isArray(list) ? list.map(String).map(programOf) : []),
    ),
  );
  const name = [plugin.name, ...names].find((one) => running.has(one));
  if (name === undefined) return undefined;
  const ports = running.get(name) ?? [];
  if (ports.length === 0) return `${name} runs`;
  return `${name} listens on port ${ports.slice(0, mostPorts).join(', ')}`;
}

/** The source is what a daemon would choose. A file may be of several services, so it is looked into. */
async function logOf({ filter, sources, reason }: ChosenSources): Promise<string | undefined> {
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
