import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { hostileMessages, verifyPlugin } from '@remand/testkit';
import plugin from '../src/index.ts';

const line = { program: 'myapp', pid: 1 };

/** Messages, and whom they blame. */
const samples: readonly (readonly [message: string, address: string | undefined])[] = [
  ['login refused for root from 192.0.2.1', '192.0.2.1'],
  ['login refused for a b from 2001:db8::1', '2001:db8::1'],
  ['login refused for x from 192.0.2.7 from 192.0.2.1', '192.0.2.1'],
  ['login refused for root from somewhere', undefined],
  ['login accepted for root from 192.0.2.1', undefined],
];

describe('{{name}}', () => {
  const filter = plugin.create({ options: {} });

  it('is a sound plugin', async () => {
    const module = join(import.meta.dirname, '..');
    const messages = samples.map(([message]) => message);

    assert.deepEqual(await verifyPlugin({ module, messages }), []);
  });

  for (const [message, address] of samples) {
    it(`makes of "${message}" ${address ?? 'nothing'}`, () => {
      assert.equal(filter.match(message, line)?.address, address);
    });
  }

  it('takes nothing of what attackers write for abuse', () => {
    for (const message of hostileMessages) {
      assert.equal(filter.match(message, line), undefined);
    }
  });
});
