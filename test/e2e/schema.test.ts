import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { Daemon } from './support/daemon.ts';

const root = join(import.meta.dirname, '../..');
const plugin = `import { action } from '${join(root, 'test/fixtures/plugins/support.mjs')}';
export default action('foreign', () => ({}), {
  summary: 'Somebody else’s.',
  options: {
    '~standard': {
      version: 1,
      vendor: 'foreign',
      validate: (value) => ({ value }),
      jsonSchema: {
        input: () => ({
          type: 'object',
          properties: { colour: { enum: ['red', 'green'] } },
          required: ['colour'],
          additionalProperties: false,
        }),
      },
    },
  },
});
`;

describe('remand schema', () => {
  let daemon: Daemon;
  beforeEach(() => {
    daemon = new Daemon();
  });
  afterEach(() => daemon.remove());

  async function judge(): Promise<(rc: unknown) => boolean> {
    const { stdout, code } = await daemon.cli('schema');
    expect(code).toBe(0);
    const schema = z.fromJSONSchema(JSON.parse(stdout));
    return (rc) => schema.safeParse(rc).success;
  }

  const jail = { filter: 'sshd', sources: ['/var/log/auth.log'], actions: ['nftables'] };
  const rc = (more: object) => ({ version: 1, jails: { sshd: { ...jail, ...more } } });

  it('knows the bundled plugins and their options', async () => {
    daemon.configure('  sshd: { filter: sshd, sources: [LOG], actions: [observe] }');
    const takes = await judge();
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];

    expect(takes(parse(example))).toBe(true);
    expect(takes({ ...rc({}), $schema: './remand.schema.json' })).toBe(true);
    expect(takes(rc({ filter: { sshd: { mode: 'aggressive' } } }))).toBe(true);
    expect(takes(rc({ filter: { sshd: { mode: 'agressive' } } }))).toBe(false);
    expect(takes(rc({ filter: { sshdd: {} } }))).toBe(false);
    expect(takes({ ...rc({ filter: 'mine' }), filters: { mine: './mine.yaml' } })).toBe(true);
    expect(takes(rc({ actions: ['sshd'] }))).toBe(false);
    expect(takes(rc({ sources: ['file'] }))).toBe(false);
    expect(takes(rc({ sources: [{ file: { paths: ['/x'] } }] }))).toBe(true);
    expect(takes({ ...rc({}), notifiers: ['nftables'] })).toBe(false);
    expect(takes(rc({ actions: [{ foreign: { colour: 'red' } }] }))).toBe(false);
  });

  it('knows those of others, in an rc file that has mistakes as well', async () => {
    const file = join(daemon.folder, 'foreign.mjs');
    writeFileSync(file, plugin, { mode: 0o600 });
    daemon.configure('  sshd: { filter: sshdd, surces: [] }', `plugins: [${file}]`);
    const takes = await judge();

    expect(takes(rc({ actions: [{ foreign: { colour: 'red' } }] }))).toBe(true);
    expect(takes(rc({ actions: [{ foreign: { colour: 'blue' } }] }))).toBe(false);
    expect(takes(rc({ actions: ['foreign'] }))).toBe(false);
  });

  it('says which plugin cannot be loaded', async () => {
    daemon.configure('  x: {}', 'plugins: [/nowhere/plugin.mjs]');

    const { code, stderr } = await daemon.cli('schema');

    expect(code).toBe(2);
    expect(stderr).toMatch(/\/nowhere\/plugin\.mjs cannot be loaded.*\[PLUGIN_NOT_FOUND\]/);
  });

  it.each(['yaml', 'json'])('may be named by $schema in %s', async (format) => {
    const jails = { sshd: { filter: 'sshd', sources: [daemon.log], actions: ['observe'] } };
    const document = { $schema: './remand.schema.json', version: 1, jails };
    const text =
      format === 'json'
        ? JSON.stringify(document)
        : `$schema: ./remand.schema.json\nversion: 1\njails: ${JSON.stringify(jails)}\n`;
    writeFileSync(daemon.rc, text, { mode: 0o600 });

    const { code, stdout } = await daemon.cli('check');

    expect(stdout).not.toContain('$schema');
    expect(code).toBe(0);
  });
});
