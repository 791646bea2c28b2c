import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from './usage-error.ts';

/**
 * The checkout of remand to link from: the one that is named, or the one that this command itself
 * belongs to; undefined when it was installed from a registry.
 * @throws UsageError when the one that is named is none, or is not built
 */
export function findCheckout(local: string | undefined): string | undefined {
  const own = resolve(import.meta.dirname, '../../..');
  if (local === undefined) return isCheckout(own) ? own : undefined;
  const named = resolve(local);
  if (!isCheckout(named))
    throw new UsageError(`--local got ${named}, which is no checkout of remand`);
  if (!existsSync(join(named, 'packages/testkit/dist/index.js'))) {
    throw new UsageError(`--local got ${named}, which is not built: run "npm run build" there`);
  }
  return named;
}

function isCheckout(folder: string): boolean {
  const manifest = join(folder, 'packages/api/package.json');
  // A package in somebody's node_modules is no checkout, whatever is above it.
  if (dirname(folder).endsWith('node_modules') || !existsSync(manifest)) return false;
  return JSON.parse(readFileSync(manifest, 'utf8')).name === '@remand/api';
}
