import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a plugin's build and tests need, as it lies in the `node_modules` of a checkout. */
const linked = [
  '@remand/api',
  '@remand/patterns',
  '@remand/testkit',
  '@types/node',
  'typescript',
  'undici-types',
  'zod',
  '.bin/tsc',
];

/** Makes a `node_modules` of links, so that a package works before anything is published. */
export async function linkCheckout(folder: string, checkout: string): Promise<void> {
  for (const name of linked) {
    const target = join(checkout, 'node_modules', name);
    if (!existsSync(target)) continue;
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(target, link);
  }
}
