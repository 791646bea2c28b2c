import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, type PluginModule, printable } from '@remand/api';
import { checkOwnership } from '@remand/config';
import { moduleFile } from '@remand/kernel';
import { installationFolder } from './installation.ts';
import { offerOwnModules } from './offer-own-modules.ts';

/**
 * Imports a plugin module: a package by its name, a file, or the folder of a package. What is
 * named by its path must be safe from others, as the rc file itself must. A file may be TypeScript:
 * Node strips the types.
 * @throws ConfigError CONFIG_UNSAFE, or whatever the import throws
 */
export async function importPlugin({ specifier }: PluginModule): Promise<unknown> {
  if (!isAbsolute(specifier)) return import(specifier);
  const { file, manifest } = await moduleFile(specifier);
  if (manifest !== undefined) await refuseUnsafe(manifest);
  await refuseUnsafe(file);
  offerOwnModules();
  return import(pathToFileURL(file).href);
}

async function refuseUnsafe(file: string): Promise<void> {
  const fault = await checkOwnership(file, { trusted: [installationFolder] });
  if (fault === undefined) return;
  throw new ConfigError('CONFIG_UNSAFE', `${printable(file, 400)} ${fault}`, {
    hint: 'it must belong to root or to the user of remand, and nobody else may write it or its folder',
  });
}
