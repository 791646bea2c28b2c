import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'remand-pack-'));
const tarballs = join(folder, 'tarballs');
const project = join(folder, 'project');
const inProject = (...path: readonly string[]) => join(project, 'node_modules', ...path);

/** The folders of a package and of everything that it needs, as they lie in this repository. */
function foldersOf(name: string, above: readonly string[] = [root]): readonly string[] {
  const places = above.map((one) => join(one, 'node_modules', name));
  const place = places.find((one) => existsSync(one));
  if (place === undefined) throw new Error(`there is no ${name}`);
  const { dependencies = {} } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
  const inner = Object.keys(dependencies).flatMap((one) => foldersOf(one, [place, ...above]));
  return [...new Set([place, ...inner])];
}

function run(program: string, args: readonly string[], cwd: string) {
  return new Promise<{ code: number; output: string }>((resolve) => {
    execFile(program, args, { cwd, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? 1 : 0, output: stdout + stderr });
    });
  });
}

/** Uses what both packages export, as the author of a plugin does. */
const code = `import { definePlugin, pluginTokens, type Source } from '@remand/api';
import { actionContract, FakeClock, sourceContract, verifyPlugin } from '@remand/testkit';

const options = {
  '~standard': {
    version: 1 as const,
    vendor: 'mine',
    validate: (value: unknown) => ({ value }),
    jsonSchema: { input: () => ({}), output: () => ({}) },
  },
};

const plugin = definePlugin({
  kind: 'source',
  name: 'mine',
  apiVersion: 1,
  summary: 'Mine.',
  options,
  inject: [pluginTokens.clock],
  create: (_given, clock): Source => ({ start: async () => void clock.now() }),
});

const cases: readonly { readonly title: string }[] = sourceContract({
  plugin,
  setUp: () => Promise.reject(new Error('not called')),
});
// @ts-expect-error a notifier is no action
actionContract({ plugin, setUp: () => Promise.reject(new Error('not called')) });

console.log(cases.length > 5, new FakeClock(5).now(), JSON.stringify(await verifyPlugin({ module: plugin })));
`;

describe('the packages for authors', () => {
  beforeAll(async () => {
    mkdirSync(tarballs);
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{ "name": "mine", "type": "module" }');
    writeFileSync(join(project, 'index.ts'), code);
    const names = foldersOf('@remand/testkit');
    const packed = await run('npm', ['pack', '--ignore-scripts', ...names], tarballs);
    expect(packed.code, packed.output).toBe(0);
    const files = readdirSync(tarballs).map((name) => join(tarballs, name));
    const cache = join(folder, 'cache');
    const flags = ['--offline', '--no-audit', '--no-fund', '--cache', cache];
    const installed = await run('npm', ['install', ...flags, ...files], project);
    expect(installed.code, installed.output).toBe(0);
    // The compiler and Node's types are the author's own.
    symlinkSync(join(root, 'node_modules/@types'), inProject('@types'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('install into an empty project from files alone', () => {
    expect(readdirSync(inProject('@remand'))).toEqual(
      expect.arrayContaining(['api', 'kernel', 'testkit']),
    );
  });

  it.each(['api', 'kernel', 'testkit'])('%s holds what it needs and nothing else', (name) => {
    const files = readdirSync(inProject('@remand', name), { recursive: true, encoding: 'utf8' });
    const strange = files.filter(
      (file) => !/^(?:README\.md|package\.json|dist(?:\/.*)?)$/.test(file),
    );

    expect(strange).toEqual([]);
    expect(files).toContain('README.md');
    expect(files).not.toContain('dist/.tsbuildinfo');
    const manifest = JSON.parse(readFileSync(inProject('@remand', name, 'package.json'), 'utf8'));
    expect(manifest.private).toBeUndefined();
  });

  it('type-check under strict and nodenext, their own declarations included', async () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
    const target = ['--module', 'nodenext', '--target', 'es2024', '--types', 'node'];

    const { code: status, output } = await run(
      process.execPath,
      [tsc, '--noEmit', ...strict, ...target, 'index.ts'],
      project,
    );

    expect(output).toBe('');
    expect(status).toBe(0);
  });

  it('run', async () => {
    const { code: status, output } = await run(process.execPath, ['index.ts'], project);

    expect(output).toBe('true 5 []\n');
    expect(status).toBe(0);
  });
});
