import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { verifyPlugin } from '@remand/testkit';

it('is a sound plugin', async () => {
  const folder = await mkdtemp(join(tmpdir(), '{{name}}-'));
  const options = { path: join(folder, 'notices') };

  const findings = await verifyPlugin({ module: join(import.meta.dirname, '..'), options });

  await rm(folder, { recursive: true });
  assert.deepEqual(findings, []);
});
