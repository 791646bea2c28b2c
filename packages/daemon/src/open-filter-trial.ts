import { resolve } from 'node:path';
import { type AnyPlugin, ConfigError, type KernelConfig, printable } from '@remand/api';
import { builtinDefaults } from '@remand/config';
import { createFilterTrial, type FilterTrial } from '@remand/kernel';
import { bundled } from './bundled.ts';
import { importPlugin } from './import-plugin.ts';
import { openRc, type RcChoice } from './open-rc.ts';
import { refuseProblems } from './refuse-problems.ts';

export interface FilterChoice extends RcChoice {
  /** The name of a filter, or the path of a plugin module that holds one. */
  readonly filter: string;
  readonly options: unknown;
}

export interface OpenFilterTrial extends FilterTrial {
  readonly maxLineBytes: number;
}

/**
 * A filter alone, for `remand match`. An rc file is read when one is named, or when the filter is
 * none of the bundled ones and may be in its plugins.
 * @throws ConfigError when there is no such filter, for wrong options, or for a wrong rc file
 */
export async function openFilterTrial(choice: FilterChoice): Promise<OpenFilterTrial> {
  const config = await configOf(choice);
  const maxLineBytes = config?.maxLineBytes ?? builtinDefaults.maxLineBytes;
  const { name, plugins, options = choice.options } = await findFilter(choice, config);
  const given = { name, options, plugins, bundled, importModule: importPlugin, maxLineBytes };
  const trial = await createFilterTrial(given);
  return {
    filter: trial.filter,
    maxLineBytes,
    read: (line) => trial.read(line),
    details: () => trial.details(),
    close: () => trial.close(),
  };
}

async function configOf(choice: FilterChoice): Promise<KernelConfig | undefined> {
  const isKnown = isPath(choice.filter) || Object.hasOwn(bundled.filter, choice.filter);
  if (choice.rc === undefined && isKnown) return undefined;
  try {
    return refuseProblems(await openRc(choice)).kernel;
  } catch (error) {
    const isMissing = error instanceof ConfigError && error.code === 'CONFIG_NOT_FOUND';
    if (isMissing && choice.rc === undefined) return undefined;
    throw error;
  }
}

interface FoundFilter {
  readonly name: string;
  readonly plugins: KernelConfig['plugins'];
  /** Of a filter that the rc file describes. */
  readonly options?: unknown;
}

async function findFilter(
  { filter, options }: FilterChoice,
  config: KernelConfig | undefined,
): Promise<FoundFilter> {
  const plugins = config?.plugins ?? [];
  const own = config?.filters?.find(({ given }) => given?.name === filter);
  if (own) {
    // What was said on the command line is an option more, or one in another way.
    return { name: own.name, plugins, options: { ...Object(own.options), ...Object(options) } };
  }
  if (!isPath(filter)) return { name: filter, plugins };
  const module = { specifier: resolve(filter), path: [] };
  const place = printable(filter, 400);
  const exports = await importPlugin(module).catch((error: unknown) => {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError('USAGE', `${place} cannot be loaded: ${printable(String(error), 400)}`, {
      hint: 'name a filter, or the path of a plugin module',
      cause: error,
    });
  });
  const names = [...new Set(Object.values(Object(exports)))]
    .filter(isFilter)
    .map(({ name }) => name);
  const [name] = names;
  if (name !== undefined && names.length === 1) return { name, plugins: [module] };
  throw new ConfigError(
    'USAGE',
    `${place} holds ${names.length === 0 ? 'no filter' : `the filters ${printable(names.join(', '))}`}`,
    { hint: 'list the module under plugins: of an rc file, and name one of its filters' },
  );
}

function isPath(filter: string): boolean {
  return filter.includes('/');
}

function isFilter(value: unknown): value is AnyPlugin<'filter'> {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'kind') === 'filter';
}
