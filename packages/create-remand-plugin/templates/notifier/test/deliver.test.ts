import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Notice } from '@remand/api';
import { verifyPlugin } from '@remand/testkit';
import plugin from '../src/index.ts';

const folder = await mkdtemp(join(tmpdir(), '{{name}}-'));
const path = join(folder, 'notices');
after(() => rm(folder, { recursive: true }));

const { signal } = new AbortController();
const notice: Notice = { id: '1', kind: 'ban', at: 0, summary: 'x', address: '192.0.2.1' };

describe('{{name}}', () => {
  it('is a sound plugin', async () => {
    const module = join(import.meta.dirname, '..');

    assert.deepEqual(await verifyPlugin({ module, options: { path } }), []);
  });

  it('writes each notice as one line, whatever is in it', async () => {
    await rm(path, { force: true });
    const notifier = plugin.create({ options: { path } });

    await notifier.deliver([notice, { ...notice, id: '2', summary: 'a\n"}]\u001b' }], signal);

    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).id),
      ['1', '2'],
    );
  });

  it('says that it could not, and why', async () => {
    const notifier = plugin.create({ options: { path: join(folder, 'gone', 'notices') } });

    await assert.rejects(notifier.deliver([notice], signal), { code: 'NOTICE_FAILED' });
  });
});
