import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, type SourceRig, sourceContract } from '@remand/testkit';
import { describe, it } from 'vitest';
import fileSource from '../src/index.ts';
import { quiet } from './rig.ts';

async function setUp(): Promise<SourceRig> {
  const root = mkdtempSync(join(tmpdir(), 'remand-file-'));
  const folder = join(root, 'log');
  const log = join(folder, 'app.log');
  mkdirSync(folder);
  appendFileSync(log, '');
  const clock = new FakeClock(Date.now());
  return {
    clock,
    options: { paths: [log] },
    write: async (messages) => appendFileSync(log, messages.map((one) => `${one}\n`).join('')),
    passTime: async (ms) => {
      await clock.advanceAsync(ms);
      await quiet();
    },
    cutOff: async (isCut) => {
      const away = `${folder}.away`;
      renameSync(isCut ? folder : away, isCut ? away : folder);
    },
    tearDown: async () => rmSync(root, { recursive: true }),
  };
}

describe('file keeps the contract of sources', () => {
  for (const { title, run } of sourceContract({ plugin: fileSource, setUp })) it(title, run);
});
