import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findRc, loadRc } from '../src/index.ts';
import { built, folderWith, rendered } from './support.ts';

const folders: string[] = [];
const load = async (files: Readonly<Record<string, string>>) => {
  const folder = folderWith(files);
  folders.push(folder);
  const isRoot = process.getuid?.() === 0;
  const found = await findRc({ explicitPath: join(folder, 'remand.yaml'), cwd: '/', isRoot });
  return { folder, rc: await loadRc(found, { env: {}, home: '/home/x' }) };
};

const jail = [
  'jails:',
  '  shop: { filter: shop, sources: [/var/log/shop.log], observe: true }',
].join('\n');

afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true });
});

describe('filters of the rc file', () => {
  it('stand for the filter patterns with their options', () => {
    const { settings, problems } = built(
      `version: 1\nfilters:\n  shop: { patterns: ['from {address}'] }\n${jail}`,
    );

    expect(problems).toEqual([]);
    expect(settings?.kernel.jails[0]?.filter).toEqual({
      name: 'patterns',
      options: { patterns: ['from {address}'] },
      path: ['jails', 'shop', 'filter'],
      given: { name: 'shop', path: ['filters', 'shop'] },
    });
    expect(settings?.kernel.filters).toMatchObject([{ given: { name: 'shop' } }]);
  });

  it('come from a file beside the rc file, and mistakes are located there', async () => {
    const { folder, rc } = await load({
      'remand.yaml': `version: 1\nfilters:\n  shop: ./filters/shop.yaml\n${jail}`,
      'filters/shop.yaml': "# a shop\npatterns:\n  - 'from {address}'\n",
    });

    expect(rc.problems).toEqual([]);
    expect(rc.files).toContain(join(folder, 'filters/shop.yaml'));
    expect(rc.settings?.kernel.filters).toMatchObject([
      { name: 'patterns', options: { patterns: ['from {address}'] } },
    ]);
    expect(rc.locate(['filters', 'shop', 'patterns', 0])).toEqual({
      file: join(folder, 'filters/shop.yaml'),
      line: 3,
      column: 5,
    });
    expect(rc.locate(['filters', 'shop'])).toMatchObject({ line: 3, column: 9 });
  });

  it('are refused with the file that cannot be read or that others may write', async () => {
    const { rc } = await load({
      'remand.yaml': `version: 1\nfilters:\n  shop: ./none.yaml\n${jail}`,
    });

    expect(rc.problems).toMatchObject([
      { message: expect.stringContaining('none.yaml does not exist'), location: { line: 3 } },
    ]);

    const folder = folderWith({
      'remand.yaml': 'version: 1\nfilters:\n  shop: ./shop.yaml\n',
      'shop.yaml': 'patterns: [x]\n',
    });
    folders.push(folder);
    chmodSync(join(folder, 'shop.yaml'), 0o666);
    const isRoot = process.getuid?.() === 0;
    const found = await findRc({ explicitPath: join(folder, 'remand.yaml'), cwd: '/', isRoot });
    const unsafe = await loadRc(found, { env: {}, home: '/home/x' });

    expect(unsafe.problems).toMatchObject([{ code: 'CONFIG_UNSAFE', location: { line: 3 } }]);
  });

  it('say once where the syntax of their file is wrong', async () => {
    const { folder, rc } = await load({
      'remand.yaml': `version: 1\nfilters:\n  shop: ./shop.yaml\n${jail}`,
      'shop.yaml': 'patterns: [x\n',
    });

    expect(rc.problems[0]).toMatchObject({
      code: 'CONFIG_SYNTAX',
      location: { file: join(folder, 'shop.yaml') },
    });
  });

  it('are a map or a path, and take no options in a jail', () => {
    expect(rendered(built('version: 1\nfilters: { shop: 3, Shop: ./x }'))).toEqual([
      expect.stringContaining('wanted a map with patterns, or a path'),
      expect.stringContaining('wanted a name of 1 to 40'),
    ]);
    const withOptions = built(
      [
        'version: 1',
        "filters: { shop: { patterns: ['from {address}'] } }",
        'jails: { a: { filter: { shop: { mode: x } }, sources: [/x], observe: true } }',
      ].join('\n'),
    );
    expect(rendered(withOptions)).toEqual([
      expect.stringContaining('the filter shop takes no options here'),
    ]);
  });
});
