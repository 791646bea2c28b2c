import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DenyFile } from '../src/deny-file.ts';

const { signal } = new AbortController();
const bytes = Buffer.from([0, 255, 13, 10, 195, 40, 10, 92, 35]);

describe(DenyFile, () => {
  let folder: string;
  let path: string;
  let file: DenyFile;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'remand-deny-'));
    path = join(folder, 'hosts.deny');
    file = new DenyFile(path);
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const prepend = (text: string) => file.edit((old) => text + old, signal);

  it('keeps strange bytes, mode and owner', async () => {
    writeFileSync(path, bytes);
    chmodSync(path, 0o640);
    const { uid, gid } = statSync(path);

    await prepend('x\n');

    expect(readFileSync(path)).toEqual(Buffer.concat([Buffer.from('x\n'), bytes]));
    expect(statSync(path)).toMatchObject({ uid, gid });
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['hosts.deny']);
  });

  it('makes a missing file with 0644, whatever the umask', async () => {
    await prepend('x\n');

    expect(statSync(path).mode & 0o7777).toBe(0o644);
    expect(file.read()).toBe('x\n');
  });

  it.each([true, false])('writes through a symlink to its target (there: %s)', async (isThere) => {
    mkdirSync(join(folder, 'real'));
    const real = join(folder, 'real/deny');
    if (isThere) writeFileSync(real, 'old\n', { mode: 0o600 });
    symlinkSync('between', path);
    symlinkSync('real/deny', join(folder, 'between'));

    await prepend('x\n');

    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(folder, 'between')).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toBe(isThere ? 'x\nold\n' : 'x\n');
    expect(statSync(real).mode & 0o7777).toBe(isThere ? 0o600 : 0o644);
  });

  it('does not write what is as it should be', async () => {
    writeFileSync(path, 'same\n');
    const { ino } = statSync(path);

    await file.edit((text) => text, signal);

    expect(statSync(path).ino).toBe(ino);
  });

  it.each([
    ['appended to it', () => appendFileSync(path, 'theirs\n')],
    [
      'wrote other bytes of the same length within the same tick',
      () => {
        writeFileSync(path, 'OLD\n');
        utimesSync(path, 1_000, 1_000);
      },
    ],
    [
      'replaced it',
      () => {
        writeFileSync(`${path}.new`, 'theirs\n');
        renameSync(`${path}.new`, path);
      },
    ],
    ['removed it', () => rmSync(path)],
    [
      'turned it into a link',
      () => {
        writeFileSync(join(folder, 'other'), 'theirs\n');
        rmSync(path);
        symlinkSync('other', path);
      },
    ],
  ])('loses nothing when somebody else %s meanwhile', async (_what, meddle) => {
    writeFileSync(path, 'old\n');
    utimesSync(path, 1_000, 1_000);
    let calls = 0;
    let theirs = '';

    await file.edit((text) => {
      if (++calls === 1) {
        meddle();
        theirs = existsSync(path) ? readFileSync(path, 'utf8') : '';
      }
      return `x\n${text}`;
    }, signal);

    expect(calls).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe(`x\n${theirs}`);
    expect(readdirSync(folder).filter((name) => name.endsWith('.remand'))).toEqual([]);
  });

  it.each([
    ['appended to', 'a', 'x\nold\ntheirs\n'],
    ['wrote anew', 'r+', 'x\ntheirs\n'],
  ])(
    'takes over what somebody else %s in the old file as it was replaced',
    async (_what, flags, text) => {
      writeFileSync(path, 'old\n');
      const { ino } = statSync(path);
      const old = openSync(path, flags);
      const theirs = async () => {
        while (statSync(path).ino === ino) await setImmediate();
        if (flags === 'r+') ftruncateSync(old);
        writeSync(old, 'theirs\n');
      };
      const once = (now: string) => (now.startsWith('x\n') ? now : `x\n${now}`);

      const [wasChanged] = await Promise.all([file.edit(once, signal), theirs()]);

      closeSync(old);
      expect(readFileSync(path, 'utf8')).toBe(text);
      expect(wasChanged).toBe(true);
      expect(file.isChanged).toBe(false);
    },
  );

  it('takes it over later where it cannot at once', async () => {
    writeFileSync(path, 'old\n');
    const { ino } = statSync(path);
    const old = openSync(path, 'a');
    const theirs = async () => {
      while (statSync(path).ino === ino) await setImmediate();
      writeSync(old, 'theirs\n');
    };
    let calls = 0;
    const edit = file.edit((now) => {
      if (++calls > 1) appendFileSync(path, `${calls}\n`);
      return `x\n${now}`;
    }, signal);

    await Promise.all([expect(edit).rejects.toMatchObject({ code: 'FILE_UNUSABLE' }), theirs()]);
    closeSync(old);
    expect(readFileSync(path, 'utf8')).not.toContain('theirs');
    await prepend('y\n');

    expect(readFileSync(path, 'utf8')).toMatch(/^y\nx\nold\n2\n(?:\d+\n)+theirs\n$/);
  });

  it('says that somebody else wrote, also when that was meanwhile', async () => {
    writeFileSync(path, 'old\n');
    expect(await prepend('x\n')).toBe(false);
    expect(await prepend('y\n')).toBe(false);

    let isFirst = true;
    const meanwhile = file.edit((text) => {
      if (isFirst) writeFileSync(path, 'theirs\n');
      isFirst = false;
      return `z\n${text}`;
    }, signal);
    expect(await meanwhile).toBe(true);
    expect(await prepend('y\n')).toBe(false);

    appendFileSync(path, 'theirs\n');
    expect(await prepend('z\n')).toBe(true);
  });

  it('keeps a mode that was changed meanwhile', async () => {
    writeFileSync(path, 'old\n', { mode: 0o644 });

    await file.edit((text) => {
      chmodSync(path, 0o600);
      return `x\n${text}`;
    }, signal);

    expect(statSync(path).mode & 0o7777).toBe(0o600);
  });

  it('gives up on a file that never rests, and leaves it to the others', async () => {
    writeFileSync(path, 'old\n');
    let calls = 0;

    const edit = file.edit((text) => {
      appendFileSync(path, `${++calls}\n`);
      return `x\n${text}`;
    }, signal);

    await expect(edit).rejects.toMatchObject({ code: 'FILE_UNUSABLE' });
    expect(readFileSync(path, 'utf8')).toMatch(/^old\n1\n2\n/);
  });

  it('replaces what a crash left behind, also where it is a trap', async () => {
    writeFileSync(path, 'old\n');
    writeFileSync(join(folder, 'victim'), 'precious');
    symlinkSync('victim', join(folder, '.hosts.deny.remand'));

    await prepend('x\n');

    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('precious');
    expect(readFileSync(path, 'utf8')).toBe('x\nold\n');
  });

  it('writes nothing after it was given up', async () => {
    writeFileSync(path, 'old\n');
    const given = new AbortController();

    const edit = file.edit((text) => {
      given.abort();
      return `x\n${text}`;
    }, given.signal);

    await expect(edit).rejects.toThrow();
    expect(readFileSync(path, 'utf8')).toBe('old\n');
    expect(readdirSync(folder)).toEqual(['hosts.deny']);
  });

  it.each([
    ['a folder', () => mkdirSync(path), 'no ordinary file'],
    ['in no folder', () => rmSync(folder, { recursive: true }), 'ENOENT'],
    ['a link to itself', () => symlinkSync('hosts.deny', path), 'ELOOP'],
    ['a device', () => symlinkSync('/dev/null', path), 'no ordinary file'],
  ])('says what is wrong with a path that is %s', async (_what, make, words) => {
    make();

    expect(() => file.read()).toThrow(words);
    await expect(prepend('x\n')).rejects.toMatchObject({
      code: 'FILE_UNUSABLE',
      hint: expect.stringMatching(/./),
    });
  });

  it('sees that others changed it, and not that it did', async () => {
    writeFileSync(path, 'old\n');
    await prepend('x\n');
    expect(file.isChanged).toBe(false);

    appendFileSync(path, 'theirs\n');
    expect(file.isChanged).toBe(true);
    file.read();
    expect(file.isChanged).toBe(false);
    rmSync(path);
    expect(file.isChanged).toBe(true);
  });
});
