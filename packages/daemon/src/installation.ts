import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that this and its sister packages are installed in. */
export const installationFolder: string = join(import.meta.dirname, '../../..');

export function installedVersion(): string {
  const manifest = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
