import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionRig, actionContract, FakeClock } from '@remand/testkit';
import { describe, it } from 'vitest';
import hostsDeny from '../src/index.ts';

const root = mkdtempSync(join(tmpdir(), 'remand-deny-'));
const folder = join(root, 'etc');
const path = join(folder, 'hosts.deny');

/** Lines of an administrator, one of them like a ban and the last without its end. */
const admins = '# mine\r\nALL: 198.51.100.1\nsshd: .example.org \\\n , 192.0.2.1';

async function setUp(): Promise<ActionRig> {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, admins);
  const clock = new FakeClock();
  return {
    clock,
    passTime: (ms) => clock.advanceAsync(ms),
    dump: async () => readFileSync(path, 'latin1'),
    wipe: async () => writeFileSync(path, admins),
    cutOff: (isCut) =>
      renameSync(isCut ? folder : `${folder}.away`, isCut ? `${folder}.away` : folder),
    tearDown: async () => rmSync(root, { recursive: true, force: true }),
  };
}

/** One file is one list: there is none of another holder. */
const ofJails = 'leaves the list of another holder alone';

describe('hosts-deny keeps the contract of actions', () => {
  const otherOptions = [{ path, daemons: ['sshd', 'vsftpd'] }];
  const cases = actionContract({ plugin: hostsDeny, options: { path }, otherOptions, setUp });
  for (const { title, run } of cases.filter((one) => one.title !== ofJails)) it(title, run);
});
