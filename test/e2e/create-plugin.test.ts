import { execFile, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginReport } from '@remand/api';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daemon } from './support/daemon.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { waitFor } from './support/wait-for.ts';

const root = join(import.meta.dirname, '../..');
const bin = join(root, 'packages/create-remand-plugin/bin/create-remand-plugin.js');
const folder = mkdtempSync(join(tmpdir(), 'remand-create-'));
afterAll(() => rmSync(folder, { recursive: true }));

function create(...args: readonly string[]) {
  const options = { cwd: folder, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], options);
  return { status, stdout, stderr };
}

function npmTest(cwd: string): Promise<{ code: number; output: string }> {
  const { NODE_TEST_CONTEXT: _ours, ...env } = process.env;
  return new Promise((resolve) => {
    execFile('npm', ['test'], { cwd, env, timeout: 50_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? 1 : 0, output: stdout + stderr });
    });
  });
}

describe('npm create remand-plugin', () => {
  let daemon: Daemon;
  beforeEach(() => {
    daemon = new Daemon();
  });
  afterEach(() => daemon.remove());

  /** What an rc file says of each kind, and what shows that the plugin is at work. */
  const kinds: Readonly<
    Record<string, { jail: string; more?: string; atWork: (file: string) => Promise<void> }>
  > = {
    source: {
      jail: '{ filter: sshd, sources: [{ made: { path: LOG } }], actions: [observe] }',
      atWork: async () => {
        appendFileSync(daemon.log, failedPassword('198.51.100.7').repeat(3));
        await banned('198.51.100.7');
      },
    },
    filter: {
      jail: '{ filter: made, sources: [LOG], actions: [observe] }',
      atWork: async () => {
        const line = `${new Date().toISOString()} host myapp[1]: login refused for a from 198.51.100.7\n`;
        appendFileSync(daemon.log, line.repeat(3));
        await banned('198.51.100.7');
      },
    },
    action: {
      jail: '{ filter: sshd, sources: [LOG], actions: [{ made: { path: FILE } }] }',
      atWork: async (file) => {
        await daemon.cli('ban', '198.51.100.7', '--jail', 'app');
        await waitFor('the ban to be in the file', async () =>
          readFileSync(file, 'utf8').includes('198.51.100.7\n'),
        );
      },
    },
    notifier: {
      jail: '{ filter: sshd, sources: [LOG], actions: [observe] }',
      more: 'notifiers: [{ made: { path: FILE } }]',
      atWork: async (file) => {
        appendFileSync(daemon.log, failedPassword('198.51.100.7').repeat(3));
        await waitFor(
          'the notice to be in the file',
          async () => existsSync(file) && readFileSync(file, 'utf8').includes('"198.51.100.7"'),
        );
      },
    },
  };

  const banned = (address: string) =>
    waitFor(`${address} to be banned`, async () =>
      (await daemon.bans()).some((ban) => ban.address === address),
    );

  it.each(Object.entries(kinds))(
    'writes, for each kind, a package (%s) that builds, passes its suites and works in a daemon',
    async (kind, { jail, more = '', atWork }) => {
      const made = create(kind, '--kind', kind, '--name', 'made');
      expect(made).toMatchObject({ status: 0, stderr: '' });
      const place = join(folder, kind);
      expect(readdirSync(place)).toEqual(
        expect.arrayContaining(['.github', '.gitignore', 'LICENSE', 'README.md', 'package.json']),
      );

      const { code, output } = await npmTest(place);
      expect(code, output).toBe(0);

      const file = join(daemon.folder, 'made.out');
      const filled = (text: string) => text.replaceAll('FILE', file);
      daemon.configure(`  app: ${filled(jail)}`, `plugins: [${place}]\n${filled(more)}`);
      await daemon.start();
      const { stdout } = await daemon.cli('plugins', '--json');
      const plugins: readonly PluginReport[] = JSON.parse(stdout);
      expect(plugins).toContainEqual(expect.objectContaining({ name: 'made', kind, inUse: 1 }));
      await atWork(file);
      expect(await daemon.end()).toBe(0);
    },
  );

  it('fills every place of its templates, and takes the licence that is wanted', () => {
    const { status } = create(
      'mit',
      '--kind',
      'filter',
      '--name',
      'x',
      '--license',
      'MIT',
      '--author',
      'A. B.',
    );

    expect(status).toBe(0);
    const place = join(folder, 'mit');
    expect(readFileSync(join(place, 'LICENSE'), 'utf8')).toContain('A. B.');
    const manifest = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: 'remand-filter-x', license: 'MIT' });
    for (const file of ['README.md', 'src/index.ts', 'test/contract.test.ts']) {
      expect(readFileSync(join(place, file), 'utf8')).not.toContain('{{');
    }
  });

  it('links what it needs from the checkout that --local names', () => {
    const { status } = create('linked', '--kind', 'filter', '--name', 'x', '--local', root);

    expect(status).toBe(0);
    expect(existsSync(join(folder, 'linked/node_modules/@remand/testkit/dist/index.js'))).toBe(
      true,
    );
  });

  it.each([
    [['a'], /--kind is missing/],
    [['a', '--kind', 'filtr', '--name', 'x'], /--kind got "filtr", wanted one of source, filter/],
    [['a', '--kind', 'filter', '--name', 'X y'], /--name got "X y", wanted 1 to 40 of a-z/],
    [['a', '--kind', 'filter', '--name', 'x', '--license', 'GPL'], /--license got "GPL", wanted/],
    [['a', 'b', '--kind', 'filter', '--name', 'x'], /wanted one DIR/],
    [['a', '--kind', 'filter', '--name', 'x', '--local', tmpdir()], /no checkout of remand/],
    [['--frob'], /--frob/],
  ])('refuses %j with exit code 2 and writes nothing', (args, sentence) => {
    const { status, stderr } = create(...args);

    expect(stderr).toMatch(sentence);
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'a'))).toBe(false);
  });

  it('refuses a folder that has something in it', () => {
    const { status, stderr } = create('.', '--kind', 'filter', '--name', 'x');

    expect(stderr).toMatch(/is not empty/);
    expect(status).toBe(2);
  });

  it('is not needed for a filter of templates that is one file', async () => {
    const file = join(daemon.folder, 'door.mjs');
    writeFileSync(
      file,
      `import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
const patterns = { patterns: [{ id: 'shut', template: 'door shut for {address}' }] };
export default definePlugin({
  kind: 'filter', name: 'door', apiVersion: 1, summary: 'One file.',
  options: z.strictObject({}), inject: [],
  create: () => new PatternSet(patterns).asFilter({ programs: ['door'] }),
});
`,
      { mode: 0o600 },
    );
    writeFileSync(daemon.log, 'Nov 25 10:00:00 mx door[1]: door shut for 192.0.2.7\n');

    const { code, stdout } = await daemon.pipe('', 'match', file, daemon.log);

    expect(stdout).toContain('192.0.2.7');
    expect(code).toBe(0);
  });

  it.each(['ts', 'mjs'])('is not needed for a plugin that is one .%s file', async (ending) => {
    const file = join(daemon.folder, `single.${ending}`);
    const types =
      ending === 'ts'
        ? ['import type { Notice } from "@remand/api";', ': readonly Notice[]']
        : ['', ''];
    writeFileSync(
      file,
      `import { definePlugin, pluginTokens } from '@remand/api';
import { z } from 'zod';
${types[0]}
export default definePlugin({
  kind: 'notifier', name: 'single', apiVersion: 1, summary: 'One file.',
  options: z.strictObject({}), inject: [pluginTokens.logger],
  create: (_given, logger) => ({
    deliver: async (notices${types[1]}) => logger.info('single', { count: notices.length }),
  }),
});
`,
      { mode: 0o600 },
    );
    daemon.configure(
      '  app: { filter: sshd, sources: [LOG], actions: [observe] }',
      `plugins: [./single.${ending}]\nnotifiers: [single]`,
    );
    await daemon.start();

    appendFileSync(daemon.log, failedPassword('198.51.100.7').repeat(3));

    await waitFor('the notice', async () => /single.*count/.test(daemon.output));
    expect(await daemon.end()).toBe(0);
  });
});
