import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type ActionRig, actionContract, FakeClock } from '@remand/testkit';
import plugin from '../src/index.ts';

const root = await mkdtemp(join(tmpdir(), '{{name}}-'));
const folder = join(root, 'etc');
const path = join(folder, 'banned');

/** A firewall of the test's own, for each case. */
async function setUp(): Promise<ActionRig> {
  await mkdir(folder, { recursive: true });
  const clock = new FakeClock();
  return {
    clock,
    passTime: (ms) => clock.advanceAsync(ms),
    dump: () => readFile(path, 'utf8').catch(() => ''),
    wipe: () => rm(path, { force: true }),
    cutOff: (isCut) => rename(isCut ? folder : `${folder}.away`, isCut ? `${folder}.away` : folder),
    tearDown: () => rm(root, { recursive: true, force: true }),
  };
}

/** One file is one list: there is none of another holder. */
const ofJails = 'leaves the list of another holder alone';

describe('{{name}} keeps the contract of actions', () => {
  for (const { title, run } of actionContract({ plugin, options: { path }, setUp })) {
    if (title !== ofJails) it(title, run);
  }
});
