import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '@remand/api';

export interface ModuleFile {
  /** What to import. */
  readonly file: string;
  /** The `package.json` that said so, when a folder was named. */
  readonly manifest?: string;
}

/**
 * The file that a plugin named by an absolute path means: itself, or what the package in that folder
 * exports. @throws when there is no such file, or the package exports no module
 */
export async function moduleFile(path: string): Promise<ModuleFile> {
  if (!(await stat(path)).isDirectory()) return { file: path };
  const manifest = join(path, 'package.json');
  return { file: await entryOf(path, manifest), manifest };
}

/** The file that `import` of a package means: https://nodejs.org/api/packages.html#exports */
async function entryOf(folder: string, file: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(file, 'utf8'));
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
