import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FakeClock, type NotifierRig, notifierContract, sampleNotices } from '@remand/testkit';
import plugin from '../src/index.ts';

/** A file of the test's own, for each case. */
async function setUp(): Promise<NotifierRig> {
  const folder = await mkdtemp(join(tmpdir(), '{{name}}-'));
  const path = join(folder, 'notices');
  const lines = async () => (await readFile(path, 'utf8').catch(() => '')).split('\n');
  return {
    options: { path },
    clock: new FakeClock(),
    // As it is read: every text behind its quotes.
    arrived: async () =>
      (await lines())
        .filter((line) => line !== '')
        .map((line) => Object.values(JSON.parse(line)).join(' ')),
    tearDown: () => rm(folder, { recursive: true }),
  };
}

describe('{{name}} keeps the contract of notifiers', () => {
  for (const { title, run } of notifierContract({ plugin, setUp })) it(title, run);

  it('says that it could not, and why', async () => {
    const notifier = plugin.create({ options: { path: '/proc/none/notices' } });
    const { signal } = new AbortController();

    await assert.rejects(notifier.deliver([sampleNotices.ban], signal), {
      code: 'NOTICE_FAILED',
      message: /^\/proc\/none\/notices: /,
    });
  });
});
