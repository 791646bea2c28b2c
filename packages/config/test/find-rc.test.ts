import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRc, loadRc } from '../src/index.ts';
import { folderWith, validRc } from './support.ts';

const before = process.cwd();
let folders: string[] = [];
const folder = (files: Readonly<Record<string, string>> = {}) => {
  const made = folderWith(files);
  folders.push(made);
  return made;
};

beforeEach(() => {
  folders = [];
});

afterEach(() => {
  process.chdir(before);
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

describe(findRc.name, () => {
  it.each([
    'remand.yaml',
    'remand.yml',
    'remand.json',
    '.remandrc',
    '.remandrc.yaml',
    '.remandrc.yml',
    '.remandrc.json',
  ])('finds %s in the current folder', async (name) => {
    const cwd = folder({ [name]: '' });

    const found = await findRc({ cwd, isRoot: false, systemFolder: folder() });

    expect(found).toMatchObject({ file: join(cwd, name), shown: name, warnings: [] });
    expect(found.dropIns).toBeUndefined();
  });

  it.each(['remand.yaml', 'remand.yml', 'remand.json'])('finds %s of the system', async (name) => {
    const systemFolder = folder({ [name]: '' });

    const found = await findRc({ cwd: folder(), isRoot: true, systemFolder });

    expect(found).toMatchObject({
      file: join(systemFolder, name),
      shown: join(systemFolder, name),
      dropIns: join(systemFolder, 'jails.d'),
    });
  });

  it('does not climb', async () => {
    const cwd = join(folder({ 'remand.yaml': '', 'inner/x': '' }), 'inner');

    await expect(findRc({ cwd, isRoot: false, systemFolder: folder() })).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
    });
  });

  it('passes over the current folder as root, and says so', async () => {
    const cwd = folder({ 'remand.yaml': '', '.remandrc': '' });
    const systemFolder = folder({ 'remand.yml': '' });

    const found = await findRc({ cwd, isRoot: true, systemFolder });

    expect(found.file).toBe(join(systemFolder, 'remand.yml'));
    expect(found.warnings).toEqual([
      'remand.yaml is passed over: as root only what -c names or what is in /etc/remand is read',
      '.remandrc is passed over: as root only what -c names or what is in /etc/remand is read',
    ]);
    await expect(findRc({ cwd, isRoot: true, systemFolder: folder() })).rejects.toThrow(
      `${join(cwd, 'remand.yaml')}, ${join(cwd, '.remandrc')}, which is not read as root`,
    );
  });

  it('names every file that it passes over', async () => {
    const cwd = folder({ 'remand.yaml': '', 'remand.json': '' });
    const systemFolder = folder({ 'remand.yaml': '' });

    const { warnings } = await findRc({ cwd, isRoot: false, systemFolder });

    expect(warnings).toEqual([
      'remand.json is passed over: remand.yaml is used',
      `${join(systemFolder, 'remand.yaml')} is passed over: remand.yaml is used`,
    ]);
  });

  it('takes what -c names, relative to the current folder, whatever else there is', async () => {
    const cwd = folder({ 'remand.yaml': '', 'x/mine.conf': '' });

    const found = await findRc({ cwd, isRoot: true, explicitPath: 'x/mine.conf' });

    expect(found).toMatchObject({
      file: join(cwd, 'x/mine.conf'),
      shown: 'x/mine.conf',
      dropIns: join(cwd, 'x/jails.d'),
      warnings: [],
    });
  });

  it.each(['rc.js', 'rc.mjs', 'rc.cjs', 'rc.ts', 'rc.mts'])(
    'refuses the program %s',
    async (name) => {
      const finding = findRc({ cwd: '/', isRoot: true, explicitPath: name });

      await expect(finding).rejects.toMatchObject({ code: 'CONFIG_UNREADABLE' });
    },
  );

  it('neither opens a named pipe nor takes a folder for a file', async () => {
    const cwd = folder({ 'remand.json': '' });
    mkdirSync(join(cwd, 'remand.yaml'));
    execFileSync('mkfifo', [join(cwd, 'remand.yml')]);

    const found = await findRc({ cwd, isRoot: false, systemFolder: folder() });

    expect(found.shown).toBe('remand.json');
  });

  it('finds an empty file rather than passing it over', async () => {
    const cwd = folder({ 'remand.yaml': '', '.remandrc': validRc });

    const found = await findRc({ cwd, isRoot: false, systemFolder: folder() });

    expect(found.shown).toBe('remand.yaml');
  });

  it('does not follow $import', async () => {
    const cwd = folder({
      'remand.yaml': `$import: other.yaml\n${validRc}`,
      'other.yaml': 'log: 1',
    });

    const rc = await loadRc(await findRc({ cwd, isRoot: false, systemFolder: folder() }));

    expect(rc.problems).toMatchObject([{ path: ['$import'], location: { line: 1, column: 1 } }]);
  });
});

describe('a .config/config.js in the current folder', () => {
  const findHere = `
    const { findRc } = await import(${JSON.stringify(import.meta.resolve('../src/index.ts'))});
    const found = await findRc({ cwd: process.cwd(), isRoot: false });
    console.log(found.file, process.cwd());`;
  const makeHere = `
    const { cosmiconfig } = await import(${JSON.stringify(import.meta.resolve('cosmiconfig'))});
    await cosmiconfig('remand').search().catch(() => undefined);`;

  // cosmiconfig runs it some time after its constructor: only the end of a process is late enough.
  it.each([
    { title: 'is not run', name: 'config.js', program: findHere, isRun: false },
    { title: 'is not run', name: 'config.cjs', program: findHere, isRun: false },
    { title: 'is run by a plain cosmiconfig', name: 'config.js', program: makeHere, isRun: true },
  ])('as $name $title', ({ name, program, isRun }) => {
    const cwd = folder({ 'remand.yaml': validRc });
    const proof = join(cwd, 'proof');
    mkdirSync(join(cwd, '.config'));
    const trap = `require('node:fs').writeFileSync(${JSON.stringify(proof)}, '');`;
    writeFileSync(join(cwd, '.config', name), trap);

    const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd });

    expect(existsSync(proof)).toBe(isRun);
    if (!isRun) expect(String(output)).toBe(`${join(cwd, 'remand.yaml')} ${cwd}\n`);
  });

  it('does not matter where the current folder was deleted', async () => {
    const gone = folder();
    const systemFolder = folder({ 'remand.yaml': '' });
    process.chdir(gone);
    rmSync(gone, { recursive: true });

    const found = await findRc({ cwd: gone, isRoot: false, systemFolder });

    expect(found.file).toBe(join(systemFolder, 'remand.yaml'));
  });
});
