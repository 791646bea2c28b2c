import type { AnyPlugin, KernelConfig, PluginReport } from '@remand/api';
import { ConfigError, printable, reasonOf } from '@remand/api';
import { rcError } from '@remand/config';
import { bundled } from './bundled.ts';
import { importPlugin } from './import-plugin.ts';
import { openRc, type RcChoice } from './open-rc.ts';

/**
 * Every plugin that the rc file can name, without a daemon; without an rc file the bundled ones.
 * @throws ConfigError when the rc file has mistakes, or when a plugin cannot be loaded
 */
export async function listPlugins(choice: RcChoice): Promise<readonly PluginReport[]> {
  const config = await configOf(choice);
  const reports: PluginReport[] = [];
  for (const importers of Object.values(bundled)) {
    for (const load of Object.values(importers)) {
      reports.push(...reportsOf(await load(), 'bundled', config));
    }
  }
  for (const module of config?.plugins ?? []) {
    const origin = printable(module.specifier, 400);
    try {
      reports.push(...reportsOf(await importPlugin(module), origin, config));
    } catch (error) {
      const message = `plugin ${origin} cannot be loaded: ${printable(reasonOf(error), 400)}`;
      throw new ConfigError('CONFIG_INVALID', message, { cause: error });
    }
  }
  return reports;
}

async function configOf(choice: RcChoice): Promise<KernelConfig | undefined> {
  try {
    const { problems, settings } = await openRc(choice);
    if (problems.length > 0) throw rcError(problems);
    return settings?.kernel;
  } catch (error) {
    const isMissing = error instanceof ConfigError && error.code === 'CONFIG_NOT_FOUND';
    if (isMissing && choice.rc === undefined) return undefined;
    throw error;
  }
}

function reportsOf(exports: unknown, origin: string, config: KernelConfig | undefined) {
  const values = new Set(typeof exports === 'object' ? Object.values(exports ?? {}) : []);
  return [...values].filter(isPlugin).map(({ name, kind, summary, apiVersion }) => ({
    name,
    kind,
    summary,
    origin,
    apiVersion,
    inUse: config === undefined ? 0 : usesOf(kind, config).filter((used) => used === name).length,
  }));
}

function isPlugin(value: unknown): value is AnyPlugin {
  return typeof value === 'object' && value !== null && 'kind' in value && 'apiVersion' in value;
}

function usesOf(kind: AnyPlugin['kind'], { jails, defaultActions, notifiers }: KernelConfig) {
  const uses = {
    source: jails.flatMap(({ sources }) => sources),
    filter: jails.map(({ filter }) => filter),
    action: [...jails.flatMap(({ actions }) => actions), ...defaultActions],
    notifier: notifiers,
  };
  return uses[kind].map(({ name }) => name);
}
