import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, type PluginModule, printable } from '@remand/api';
import { checkOwnership } from '@remand/config';
import { installationFolder } from './installation.ts';

/**
 * Imports a plugin module: a package by its name, a file, or the folder of a package. What is
 * named by its path must be safe from others, as the rc file itself must.
 * @throws ConfigError CONFIG_UNSAFE, or whatever the import throws
 */
export async function importPlugin({ specifier }: PluginModule): Promise<unknown> {
  if (!isAbsolute(specifier)) return import(specifier);
  const isFolder = (await stat(specifier)).isDirectory();
  if (isFolder) await refuseUnsafe(join(specifier, 'package.json'));
  const file = isFolder ? await entryOf(specifier) : specifier;
  await refuseUnsafe(file);
  return import(pathToFileURL(file).href);
}

async function refuseUnsafe(file: string): Promise<void> {
  const fault = await checkOwnership(file, { trusted: [installationFolder] });
  if (fault === undefined) return;
  throw new ConfigError('CONFIG_UNSAFE', `${printable(file, 400)} ${fault}`, {
    hint: 'it must belong to root or to the user of remand, and nobody else may write it or its folder',
  });
}

/** The file that `import` of a package means: https://nodejs.org/api/packages.html#exports */
async function entryOf(folder: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const exports = memberOf(manifest, 'exports');
  const main = memberOf(manifest, 'main');
  const entry = exported(memberOf(exports, '.') ?? exports) ?? main ?? 'index.js';
  if (typeof entry === 'string') return join(folder, entry);
  throw new Error(`${printable(folder, 400)} has a package.json that exports no module`);
}

function exported(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  // The order of the conditions in the file decides, not ours.
  for (const [condition, target] of Object.entries(value)) {
    if (!['node', 'import', 'default'].includes(condition)) continue;
    const found = exported(target);
    if (found !== undefined) return found;
  }
  return undefined;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}
