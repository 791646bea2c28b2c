import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { readFilterSamples, verifyPlugin } from '@remand/testkit';

it('is a sound plugin', async () => {
  const text = readFileSync(join(import.meta.dirname, 'samples.txt'), 'latin1');
  const messages = readFilterSamples(text).map(({ message }) => message);

  const findings = await verifyPlugin({ module: join(import.meta.dirname, '..'), messages });

  assert.deepEqual(findings, []);
});
