import { editorSchema, rcError } from '@remand/config';
import { pluginSchemas } from '@remand/kernel';
import { bundled } from './bundled.ts';
import { importPlugin } from './import-plugin.ts';
import { openRcIfAny, type RcChoice } from './open-rc.ts';

/**
 * The JSON Schema of the rc format with every plugin that the rc file can name; without an rc file
 * with the bundled ones. An rc file that is half written has a schema all the same.
 * @throws ConfigError when a plugin cannot be loaded
 */
export async function rcEditorSchema(
  choice: RcChoice = {},
): Promise<Readonly<Record<string, unknown>>> {
  const rc = await openRcIfAny(choice);
  const plugins = rc?.settings?.kernel.plugins ?? [];
  const given = { bundled, importModule: importPlugin };
  const { schemas, problems } = await pluginSchemas({ plugins }, given);
  if (problems.length > 0) throw rcError(problems, rc?.locate);
  return editorSchema(schemas);
}
