import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../../../test/support/needs.ts';

const nobody = 65_534;
const script = join(import.meta.dirname, 'support/apply-as.ts');

needs('root')('hosts-deny without the rights that it needs', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'remand-deny-'));
    path = join(folder, 'hosts.deny');
    writeFileSync(path, '# mine\n');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function applyAs(user: number) {
    const argv = [script, String(user), path];
    const said = execFileSync(process.execPath, argv, { encoding: 'utf8', timeout: 30_000 });
    return JSON.parse(said);
  }

  it.each([
    ['may not write the folder', 0o755, 0o666, 'known'],
    ['may not read the file', 0o777, 0o600, 'unavailable'],
    ['may not see the folder', 0o700, 0o666, 'unavailable'],
    ['could not give the new file to its owner', 0o777, 0o644, 'known'],
  ])('changes nothing and says what to do where it %s', (_what, ofFolder, ofFile, state) => {
    chmodSync(folder, ofFolder);
    chmodSync(path, ofFile);

    const { code, message, hint, ...rest } = applyAs(nobody);

    expect({ code, ...rest }).toEqual({ code: 'FILE_UNUSABLE', state });
    expect(message).toMatch(new RegExp(`^${path} cannot be (?:read|written): E(?:ACCES|PERM)`));
    expect(hint).toContain('run remand as root');
    expect(readFileSync(path, 'utf8')).toBe('# mine\n');
    expect(readdirSync(folder)).toEqual(['hosts.deny']);
  });

  it('works without root in a folder and a file of its own', () => {
    chownSync(folder, nobody, nobody);
    chownSync(path, nobody, nobody);

    expect(applyAs(nobody)).toMatchObject({ code: 'done', state: 'known' });

    expect(readFileSync(path, 'utf8')).toContain('ALL: 198.51.100.7\n');
  });

  it('as root keeps the owner that the file has', () => {
    chownSync(path, nobody, 12_345);
    chmodSync(path, 0o640);

    expect(applyAs(0)).toMatchObject({ code: 'done' });

    expect(statSync(path)).toMatchObject({ uid: nobody, gid: 12_345 });
    expect(statSync(path).mode & 0o7777).toBe(0o640);
  });
});
