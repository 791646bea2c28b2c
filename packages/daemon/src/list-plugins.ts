import type { PluginReport } from '@remand/api';
import { rcError } from '@remand/config';
import { listPlugins as pluginsOf } from '@remand/kernel';
import { bundled } from './bundled.ts';
import { importPlugin } from './import-plugin.ts';
import { allProblems, openRcIfAny, type RcChoice } from './open-rc.ts';
import { refuseProblems } from './refuse-problems.ts';

/**
 * Every plugin that the rc file can name, without a daemon; without an rc file the bundled ones.
 * @throws ConfigError when the rc file has mistakes, or when a plugin cannot be loaded
 */
export async function listPlugins(choice: RcChoice): Promise<readonly PluginReport[]> {
  const rc = await openRcIfAny(choice);
  const config = rc && refuseProblems(rc).kernel;
  const { plugins, problems } = await pluginsOf(config, { bundled, importModule: importPlugin });
  if (problems.length > 0)
    throw rc ? rcError(allProblems(rc, problems), rc.locate) : rcError(problems);
  return plugins;
}
