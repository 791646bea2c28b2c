import { appendFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeClock, type SourceRig, sourceContract } from '@remand/testkit';
import plugin from '../src/index.ts';

/** A log of the test's own, for each case. */
async function setUp(): Promise<SourceRig> {
  const root = await mkdtemp(join(tmpdir(), '{{name}}-'));
  const folder = join(root, 'log');
  const path = join(folder, 'app.log');
  await mkdir(folder);
  await appendFile(path, '');
  const clock = new FakeClock();
  return {
    clock,
    options: { path },
    write: (messages) => appendFile(path, messages.map((one) => `${one}\n`).join('')),
    passTime: async (ms) => {
      await clock.advanceAsync(ms);
      // Files are read in real time.
      await sleep(20);
    },
    cutOff: (isCut) => rename(isCut ? folder : `${folder}.away`, isCut ? `${folder}.away` : folder),
    tearDown: () => rm(root, { recursive: true }),
  };
}

describe('{{name}} keeps the contract of sources', () => {
  for (const { title, run } of sourceContract({ plugin, setUp })) it(title, run);
});
