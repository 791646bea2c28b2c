import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findRc, loadRc } from '../src/index.ts';
import { socketOfRc, socketWithoutRc } from '../src/socket.ts';
import { folderWith } from './support.ts';

const people = [
  ['root', { isRoot: true, env: {}, home: '/root' }],
  ['a user', { isRoot: false, env: { XDG_RUNTIME_DIR: '/run/user/7' }, home: '/home/u' }],
  ['a user without a runtime folder', { isRoot: false, env: {}, home: '/home/u' }],
] as const;

describe(socketOfRc.name, () => {
  it.each([
    ['nothing', 'version: 1\n'],
    ['a path', 'version: 1\ncontrol: { socket: /x/y.sock }\n'],
    ['a relative path', 'version: 1\ncontrol: { socket: ./y.sock, group: adm }\n'],
    ['a state', 'version: 1\nstate: { path: ./s }\n'],
    ['both', 'version: 1\nstate: { path: /s }\ncontrol: { socket: y.sock }\n'],
    ['an alias', 'version: 1\nlog: { file: &s /x/y }\ncontrol: { socket: *s }\n'],
    ['an escape', '{ "version": 1, "\\x63ontrol": { "socket": "/x" } }'],
    ['no path', 'version: 1\ncontrol: { socket: 5 }\nstate: { path: "" }\n'],
    ['no map', 'version: 1\ncontrol: [socket]\nstate: /s\n'],
    ['no map at all', '- x\n'],
    ['an empty file', ''],
    ['a mistake elsewhere', 'version: 1\nnonsense: 1\ncontrol: { socket: /x }\n'],
    ['a wrong syntax', 'version: 1\ncontrol: { socket: /x\n'],
  ])('says what the daemon says: %s', async (_what, text) => {
    const folder = folderWith({ 'remand.yaml': text });
    const given = { explicitPath: join(folder, 'remand.yaml'), cwd: folder, isRoot: true };
    for (const [who, surroundings] of people) {
      const found = await findRc({ ...given, isRoot: surroundings.isRoot });
      const { settings } = await loadRc(found, surroundings);
      const daemons = settings?.control.socket ?? socketWithoutRc(surroundings);

      expect(await socketOfRc({ ...given, isRoot: surroundings.isRoot }, surroundings), who).toBe(
        daemons,
      );
    }
  });

  it('refuses a file that is not there', async () => {
    const given = { explicitPath: join(folderWith(), 'none.yaml'), cwd: '/', isRoot: true };

    await expect(socketOfRc(given, people[0][1])).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
    });
  });
});

describe('the entry for the socket', () => {
  it('never loads the schema library', () => {
    const source = join(import.meta.dirname, '../src');

    expect([...loadedBy(join(source, 'socket.ts'))]).toEqual(
      expect.arrayContaining(['yaml', 'cosmiconfig', join(source, 'rc-document.ts')]),
    );
    expect([...loadedBy(join(source, 'socket.ts'))]).not.toContain('zod');
    expect([...loadedBy(join(source, 'index.ts'))]).toContain('zod');
  });
});

/** Every module that a file imports, sooner or later; of types nothing is loaded. */
function loadedBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  seen.add(file);
  const imports = /^(?:import|export) (?!type )[^;]*? from '([^']+)';|\bimport\('([^']+)'\)/gm;
  for (const [, first, second] of readFileSync(file, 'utf8').matchAll(imports)) {
    const name = first ?? second ?? '';
    if (!name.startsWith('.')) seen.add(name);
    else if (!seen.has(join(dirname(file), name))) loadedBy(join(dirname(file), name), seen);
  }
  return seen;
}

describe(socketWithoutRc.name, () => {
  it.each([
    ['root', true, {}, '/run/remand/control.sock'],
    ['a user', false, { XDG_RUNTIME_DIR: '/run/user/7' }, '/run/user/7/remand/control.sock'],
    ['a user without a runtime folder', false, { XDG_STATE_HOME: '/s' }, '/s/remand/control.sock'],
    [
      'one with a relative folder',
      false,
      { XDG_STATE_HOME: 's' },
      '/h/.local/state/remand/control.sock',
    ],
  ])('is that of %s', (_who, isRoot, env, path) => {
    expect(socketWithoutRc({ isRoot, env, home: '/h' })).toBe(path);
  });
});
