import { mkdir, mkdtemp, readFile, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FakeClock, type NotifierRig, notifierContract } from '@remand/testkit';
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
    // A folder in the place of the file cannot be written.
    trouble: async (what) => {
      await (what ? mkdir(path) : rmdir(path));
    },
    tearDown: () => rm(folder, { recursive: true }),
  };
}

/** A file refuses nothing for good and never hangs. What talks to a server leaves `troubles` out. */
const troubles = ['refuses for a time'] as const;

describe('{{name}} keeps the contract of notifiers', () => {
  for (const { title, run } of notifierContract({ plugin, setUp, troubles })) it(title, run);
});
