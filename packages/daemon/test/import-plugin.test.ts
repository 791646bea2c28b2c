import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importPlugin } from '../src/import-plugin.ts';
import { tempFolder } from './support/temp-folder.ts';

const load = (specifier: string) => importPlugin({ specifier, path: ['plugins', 0] });

describe(importPlugin.name, () => {
  it('imports a file by its path', async () => {
    const file = join(tempFolder(), 'a.mjs');
    writeFileSync(file, 'export default { kind: 1 };');

    expect(await load(file)).toMatchObject({ default: { kind: 1 } });
  });

  it.each([
    ['a text', { exports: './lib/entry.mjs' }],
    ['a condition', { exports: { '.': { types: './no.d.ts', import: './lib/entry.mjs' } } }],
    ['nested conditions', { exports: { node: { default: './lib/entry.mjs' } } }],
    ['main', { main: 'lib/entry.mjs' }],
  ])('follows the exports of a folder: %s', async (_what, manifest) => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'lib'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'lib/entry.mjs'), 'export const answer = 42;');

    expect(await load(folder)).toMatchObject({ answer: 42 });
  });

  it('refuses what others can write, and does not run it', async () => {
    const file = join(tempFolder(), 'a.mjs');
    writeFileSync(file, 'globalThis.remandWasHere = true;');
    chmodSync(file, 0o666);

    await expect(load(file)).rejects.toMatchObject({ code: 'CONFIG_UNSAFE' });
    expect(globalThis).not.toHaveProperty('remandWasHere');
  });
});
