import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PluginModule } from '@remand/api';
import { moduleFile } from './module-file.ts';

/** Imports without checks; the daemon passes an import that looks at the file's owner first. */
export async function importModule({
  specifier,
}: Pick<PluginModule, 'specifier'>): Promise<unknown> {
  if (!isAbsolute(specifier)) return import(specifier);
  const { file } = await moduleFile(specifier);
  return import(pathToFileURL(file).href);
}
