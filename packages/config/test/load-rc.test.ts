import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@remand/api';
import { afterEach, describe, expect, it } from 'vitest';
import { checkOpened } from '../src/check-ownership.ts';
import { findRc, loadRc, rcError } from '../src/index.ts';
import { folderWith, validRc } from './support.ts';

const folders: string[] = [];
const folder = (files: Readonly<Record<string, string>> = {}) => {
  const made = folderWith(files);
  folders.push(made);
  return made;
};
const isRoot = process.getuid?.() === 0;
const find = (file: string, trusted: readonly string[] = [], asRoot = isRoot) =>
  findRc({ explicitPath: file, cwd: '/', isRoot: asRoot, trusted });
const load = async (file: string, trusted: readonly string[] = [], asRoot = isRoot) =>
  loadRc(await find(file, trusted, asRoot), { env: {}, home: '/home/x' });

afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true });
});

describe(loadRc.name, () => {
  it('reads YAML and JSON alike', async () => {
    const json = {
      version: 1,
      jails: { sshd: { filter: 'sshd', sources: ['/var/log/auth.log'], observe: true } },
    };
    const made = folder({ 'a.yaml': validRc, 'a.json': JSON.stringify(json, null, '\t') });

    const [fromYaml, fromJson] = [
      await load(join(made, 'a.yaml')),
      await load(join(made, 'a.json')),
    ];

    expect(fromYaml.problems).toEqual([]);
    expect(fromJson.problems).toEqual([]);
    expect(fromJson.settings).toEqual(fromYaml.settings);
  });

  it.each([
    ['missing.yaml', 'CONFIG_NOT_FOUND', /does not exist/],
    ['folder', 'CONFIG_UNREADABLE', /is not a regular file/],
    ['pipe', 'CONFIG_UNREADABLE', /is not a regular file/],
    ['large.yaml', 'CONFIG_UNREADABLE', /is larger than 1 MiB/],
    ['latin1.yaml', 'CONFIG_UNREADABLE', /is not encoded as UTF-8/],
  ])('refuses %s', async (name, code, message) => {
    const made = folder({ 'large.yaml': '#'.repeat(1_048_577) });
    writeFileSync(join(made, 'latin1.yaml'), Buffer.from([0x61, 0xe4]));
    mkdirSync(join(made, 'folder'));
    execFileSync('mkfifo', [join(made, 'pipe')]);

    const loading = load(join(made, name));

    await expect(loading).rejects.toThrow(ConfigError);
    await expect(loading).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('reads drop-ins beside the main file in order and passes over other files', async () => {
    const jail = '{ filter: x, sources: [y], observe: true }';
    const made = folder({
      'remand.yaml': validRc,
      'jails.d/20.yaml': `jails: { b: ${jail} }`,
      'jails.d/10.yaml': `jails: { a: ${jail} }`,
      'jails.d/30.yml': 'x',
      'jails.d/.swp': 'x',
    });
    chmodSync(join(made, 'jails.d'), 0o755);

    const rc = await load(join(made, 'remand.yaml'));

    expect(rc.problems).toEqual([]);
    expect(rc.settings?.kernel.jails.map(({ name }) => name)).toEqual(['sshd', 'a', 'b']);
    expect(rc.warnings).toEqual([expect.stringContaining('30.yml is passed over')]);
    expect(rc.files).toHaveLength(3);
  });

  it('goes on with the problems of drop-ins that it must not read', async () => {
    const made = folder({ 'remand.yaml': `${validRc}\nlog: 1`, 'jails.d/a.yaml': 'x' });
    chmodSync(join(made, 'jails.d/a.yaml'), 0o666);

    const rc = await load(join(made, 'remand.yaml'));

    expect(rc.problems).toMatchObject([
      { code: 'CONFIG_UNSAFE', message: expect.stringContaining('everybody may write') },
      { path: ['log'] },
    ]);
    expect(rcError(rc.problems)).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('knows the folders of a user', async () => {
    const made = folder({ 'remand.yaml': validRc });
    const found = await find(join(made, 'remand.yaml'), [], false);
    const pathsWith = async (env: Readonly<Record<string, string>>) => {
      const { settings } = await loadRc(found, { env, home: '/home/x' });
      return [settings?.state.path, settings?.control.socket];
    };

    expect(await pathsWith({})).toEqual([
      '/home/x/.local/state/remand',
      '/home/x/.local/state/remand/control.sock',
    ]);
    expect(await pathsWith({ XDG_STATE_HOME: '/s', XDG_RUNTIME_DIR: '/r' })).toEqual([
      '/s/remand',
      '/r/remand/control.sock',
    ]);
    expect(await pathsWith({ XDG_STATE_HOME: 'relative' })).toContain(
      '/home/x/.local/state/remand',
    );
  });

  it('makes one error of all problems', async () => {
    const made = folder({ 'remand.yaml': 'version: 1\nlog: 1\nfuse: 2' });

    const { problems, locate } = await load(join(made, 'remand.yaml'));
    const error = rcError([...problems, { path: ['log', 'x'], message: 'of a kernel' }], locate);

    expect(error.message.split('\n')).toEqual([
      '3 mistakes in the configuration:',
      expect.stringMatching(/remand\.yaml:2:6 {2}log: got 1, wanted a map/),
      expect.stringMatching(/remand\.yaml:3:7 {2}fuse: got 2, wanted a map/),
      expect.stringMatching(/remand\.yaml:2:6 {2}log\.x: of a kernel/),
    ]);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', problems: { length: 3 } });
    writeFileSync(join(made, 'remand.yaml'), '[');
    expect(rcError((await load(join(made, 'remand.yaml'))).problems).code).toBe('CONFIG_SYNTAX');
  });
});

describe('who may write an rc file', () => {
  const unsafe = { code: 'CONFIG_UNSAFE' };

  it.each([
    { what: 'file', mode: 0o646, asRoot: false, message: 'everybody may write' },
    { what: 'file', mode: 0o666, asRoot: true, message: 'everybody may write' },
    { what: 'file', mode: 0o664, asRoot: true, message: 'its group may write' },
    { what: 'folder', mode: 0o757, asRoot: false, message: 'which everybody may write' },
    { what: 'folder', mode: 0o1777, asRoot: true, message: 'which everybody may write' },
    { what: 'folder', mode: 0o775, asRoot: true, message: 'which its group may write' },
  ])(
    'refuses a $what of the mode $mode (as root: $asRoot)',
    async ({ what, mode, asRoot, message }) => {
      const made = folder({ 'remand.yaml': validRc });
      chmodSync(what === 'file' ? join(made, 'remand.yaml') : made, mode);

      const loading = load(join(made, 'remand.yaml'), [], asRoot);

      await expect(loading).rejects.toMatchObject(unsafe);
      await expect(loading).rejects.toThrow(message);
    },
  );

  it('lets the group of another user than root write', async () => {
    const made = folder({ 'remand.yaml': validRc });
    chmodSync(join(made, 'remand.yaml'), 0o664);
    chmodSync(made, 0o775);

    expect((await load(join(made, 'remand.yaml'), [], false)).problems).toEqual([]);
  });

  it.runIf(isRoot)('refuses what belongs to another user', async () => {
    const made = folder({ 'remand.yaml': validRc, 'x/remand.yaml': validRc });
    chownSync(join(made, 'remand.yaml'), 65_534, 0);
    chownSync(join(made, 'x'), 65_534, 0);

    await expect(load(join(made, 'remand.yaml'))).rejects.toThrow('the user with the id 65534');
    await expect(load(join(made, 'x/remand.yaml'))).rejects.toThrow(/is in .*\/x, which belongs/);
  });

  it('looks behind links at both folders', async () => {
    const made = folder({ 'real/remand.yaml': validRc, 'links/x': '' });
    symlinkSync(join(made, 'real/remand.yaml'), join(made, 'links/remand.yaml'));

    expect((await load(join(made, 'links/remand.yaml'))).problems).toEqual([]);
    chmodSync(join(made, 'real'), 0o777);
    await expect(load(join(made, 'links/remand.yaml'))).rejects.toMatchObject(unsafe);
    chmodSync(join(made, 'real'), 0o755);
    chmodSync(join(made, 'links'), 0o777);
    await expect(load(join(made, 'links/remand.yaml'))).rejects.toMatchObject(unsafe);
  });

  it('exempts what is really inside a trusted folder, and nothing else', async () => {
    const made = folder({ 'own/remand.yaml': validRc, 'ownother/remand.yaml': validRc });
    for (const name of ['own/remand.yaml', 'ownother/remand.yaml']) {
      chmodSync(join(made, name), 0o666);
    }
    const trusted = [join(made, 'own')];
    symlinkSync(join(made, 'ownother/remand.yaml'), join(made, 'own/link.yaml'));

    expect((await load(join(made, 'own/remand.yaml'), trusted)).problems).toEqual([]);
    await expect(load(join(made, 'ownother/remand.yaml'), trusted)).rejects.toMatchObject(unsafe);
    await expect(load(join(made, 'own/link.yaml'), trusted)).rejects.toMatchObject(unsafe);
  });

  it('exempts no file that was opened before a link was turned to a trusted folder', async () => {
    const made = folder({ 'own/remand.yaml': validRc, 'evil.yaml': validRc });
    chmodSync(join(made, 'evil.yaml'), 0o666);
    const trusted = [join(made, 'own')];

    const fault = await checkOpened(
      join(made, 'own/remand.yaml'),
      statSync(join(made, 'evil.yaml')),
      { trusted },
    );

    expect(fault).toBe('everybody may write');
  });

  it('judges what was opened, not what was swapped in later', async () => {
    const made = folder({
      'remand.yaml': validRc,
      'evil.yaml': 'version: 2',
      'target.yaml': validRc,
    });
    const file = join(made, 'link.yaml');
    symlinkSync(join(made, 'target.yaml'), file);
    chmodSync(join(made, 'evil.yaml'), 0o666);
    const found = await find(file);
    let isSwapping = true;
    const swap = (async () => {
      for (let turn = 0; isSwapping; turn++) {
        const other = join(made, `swap${turn}`);
        symlinkSync(join(made, turn % 2 === 0 ? 'evil.yaml' : 'target.yaml'), other);
        renameSync(other, file);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();

    const outcomes = new Set<string>();
    for (let turn = 0; turn < 200; turn++) {
      const outcome = await loadRc(found).then(
        (rc) => `${rc.problems.length} problems`,
        (error: ConfigError) => error.code,
      );
      outcomes.add(outcome);
    }
    isSwapping = false;
    await swap;

    expect([...outcomes].sort()).toEqual(['0 problems', 'CONFIG_UNSAFE']);
  });
});
