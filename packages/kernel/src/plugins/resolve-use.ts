import {
  type AnyPlugin,
  type ConfigProblem,
  type PluginUse,
  printable,
  reasonOf,
  type SchemaIssue,
} from '@remand/api';
import { explainOption, keysOf } from './explain-option.ts';
import { freezePlain } from './freeze-plain.ts';

/** A plugin with validated options. */
export interface ResolvedUse<Plugin extends AnyPlugin = AnyPlugin> {
  readonly plugin: Plugin;
  readonly options: unknown;
  readonly use: PluginUse;
}

/** Validates the options of one use by the plugin's own schema; adds a problem per mistake. */
export async function resolveUse<Plugin extends AnyPlugin>(
  plugin: Plugin,
  use: PluginUse,
  problems: ConfigProblem[],
): Promise<ResolvedUse<Plugin> | undefined> {
  try {
    const result = await plugin.options['~standard'].validate(use.options ?? {});
    if (!result.issues) return { plugin, options: freezePlain(result.value), use };
    for (const issue of result.issues) problems.push(problemOf(issue, plugin, use));
  } catch (error) {
    problems.push({
      path: use.path,
      message: `the options of ${plugin.kind} ${plugin.name} cannot be checked: ${printable(reasonOf(error))}`,
    });
  }
  return undefined;
}

function problemOf(issue: SchemaIssue, plugin: AnyPlugin, use: PluginUse): ConfigProblem {
  return {
    path: [...(use.given?.path ?? [...use.path, use.name]), ...keysOf(issue)],
    ...explainOption(issue, plugin, use.options),
  };
}
