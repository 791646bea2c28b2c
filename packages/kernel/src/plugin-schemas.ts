import type { ConfigProblem, KernelConfig, PluginKind } from '@remand/api';
import { noPlugins } from './build.ts';
import type { KernelGiven } from './kernel-contract.ts';
import { Catalogue } from './plugins/catalogue.ts';
import { importModule } from './plugins/import-module.ts';

/** What a plugin takes. */
export interface PluginSchema {
  readonly kind: PluginKind;
  readonly name: string;
  readonly summary: string;
  /** Its options as they are written, as JSON Schema, draft 2020-12. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The schemas of every plugin that a configuration can name. Nothing is built. */
export async function pluginSchemas(
  config: Pick<KernelConfig, 'plugins'>,
  given: Pick<KernelGiven, 'bundled' | 'importModule'>,
): Promise<{
  readonly schemas: readonly PluginSchema[];
  /** Of the modules that cannot be loaded. */
  readonly problems: readonly ConfigProblem[];
}> {
  const { bundled = noPlugins, importModule: load = importModule } = given;
  const catalogue = await Catalogue.load({ config, bundled, importModule: load });
  const schemas = (await catalogue.all()).map(({ plugin }) => ({
    kind: plugin.kind,
    name: plugin.name,
    summary: plugin.summary,
    options: plugin.options['~standard'].jsonSchema.input({ target: 'draft-2020-12' }),
  }));
  return { schemas, problems: catalogue.problems };
}
