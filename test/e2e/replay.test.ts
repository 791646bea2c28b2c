import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Daemon } from './support/daemon.ts';
import { failedPassword } from './support/sshd-lines.ts';

const root = join(import.meta.dirname, '../..');
const remand = join(root, 'packages/cli/bin/remand.js');
const hourMs = 3_600_000;
/** Old enough for every time to be in the past, in whatever zone. */
const start = Math.floor((Date.now() - 20 * 24 * hourMs) / 1000) * 1000;

describe('remand replay', () => {
  let daemon: Daemon;

  beforeEach(() => {
    daemon = new Daemon();
    daemon.configure(
      '  sshd: { filter: sshd, sources: [LOG], actions: [nftables], banTime: 10m }',
      'neverBan: [198.51.100.0/24]',
    );
  });

  afterEach(() => daemon.remove());

  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(daemon.folder, name);
    writeFileSync(path, content);
    return path;
  };
  const replay = (...args: readonly string[]) => daemon.cli('replay', ...args);
  /** So many failed logins, ten seconds apart. */
  const burst = (address: string, from: number, count: number) =>
    Array.from({ length: count }, (_, n) =>
      failedPassword(address, new Date(from + n * 10_000)),
    ).join('');

  it('says in JSON whom it would have banned, from several logs, packed or not', async () => {
    const newer = write('new.log', burst('203.0.113.8', start + hourMs, 4));
    const older = write('old.log.gz', gzipSync(burst('203.0.113.8', start, 5)));

    const { code, stdout, stderr } = await replay(newer, older, '--json');

    const at = (ms: number) => new Date(start + ms).toISOString();
    const ban = { address: '203.0.113.8', holder: 'sshd', rung: null };
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      lines: 9,
      matched: 9,
      seconds: expect.any(Number),
      bans: [
        { ...ban, at: at(20_000), until: at(620_000) },
        { ...ban, at: at(hourMs + 20_000), until: at(hourMs + 620_000) },
      ],
    });
  });

  it('says it in tables, and whom the never-ban set has spared', async () => {
    const log = write(
      'a.log',
      burst('203.0.113.8', start, 5) + burst('198.51.100.77', start + 60_000, 3),
    );

    const { code, stdout } = await replay(log);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^one ban from 8 lines of one log/);
    expect(stdout).toMatch(/sshd +8 +8 +3 +2 +3 +0 +1\n/);
    expect(stdout).toMatch(/203\.0\.113\.8 +sshd +20\d\d-/);
    expect(stdout).toMatch(/203\.0\.113\.0\/24 +5\n/);
    expect(stdout).toMatch(/198\.51\.100\.77 +3 +neverBan of the configuration\n/);
    expect(stdout).not.toContain('\u001b');
  });

  it('leaves the machine as it was: no state, no socket, no firewall program, no rights', async () => {
    const log = write('a.log', burst('203.0.113.8', start, 5));
    chmodSync(daemon.folder, 0o755);
    chmodSync(log, 0o644);
    const state = join(daemon.folder, 'state');
    const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    if (asNobody.uid !== undefined) {
      chownSync(daemon.rc, 65_534, 65_534);
      chownSync(daemon.folder, 65_534, 65_534);
    }

    const done = spawnSync(process.execPath, [remand, 'replay', log, '--json', '-c', daemon.rc], {
      ...asNobody,
      encoding: 'utf8',
      // Nothing is found there, so nothing can have been started.
      env: { PATH: state },
    });

    expect(done.stderr).toBe('');
    expect(JSON.parse(done.stdout).bans).toHaveLength(1);
    expect(readdirSync(state)).toEqual([]);
    expect(existsSync(join(daemon.folder, 'control.sock'))).toBe(false);
  });

  it('dates a log of last year into last year', async () => {
    const lastYear = new Date().getFullYear() - 1;
    const lines = burst('203.0.113.8', new Date(lastYear, 11, 28, 12).getTime(), 3);
    const log = write('a.log', lines);
    utimesSync(log, new Date(lastYear, 11, 29), new Date(lastYear, 11, 29));

    const byFile = await replay(log, '--json');
    const byOption = await replay(log, '--json', '--year', '2019');

    const [ban] = JSON.parse(byFile.stdout).bans;
    expect(ban.at).toBe(new Date(lastYear, 11, 28, 12, 0, 20).toISOString());
    const [dated] = JSON.parse(byOption.stdout).bans;
    expect(dated.at).toBe(new Date(2019, 11, 28, 12, 0, 20).toISOString());
  });

  it.each<[string, RegExp, (folder: string) => string]>([
    ['an empty file', /empty\.log is empty/, () => write('empty.log', '')],
    [
      'a binary file',
      /is no text: it holds binary data/,
      () => write('b.log', Buffer.alloc(5_000)),
    ],
    [
      'a file without dates',
      /has no line with a date.*"hello \\x1b\[31m"\n {2}dates look like/,
      () => write('u.log', 'hello \u001b[31m\nand on\n'),
    ],
    [
      'a gzip file that ends too early',
      /is a gzip file that ends too early\n {2}gzip -dc/,
      () => {
        const lines = burst('203.0.113.8', start, 1_000).repeat(90);
        const path = write('cut.gz', gzipSync(lines));
        truncateSync(path, 100_000);
        return path;
      },
    ],
    [
      'a gzip file with damage in it',
      /is a gzip file that is damaged/,
      () => {
        const packed = gzipSync(burst('203.0.113.8', start, 1_000).repeat(90));
        packed.fill(0xff, 150_000, 150_400);
        return write('bad.gz', packed);
      },
    ],
  ])('refuses %s with exit code 1, and says what to do', async (_what, message, make) => {
    const { code, stdout, stderr } = await replay(make(daemon.folder), '--json');

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('\u001b');
  });

  it.each<[string, RegExp, (folder: string) => string]>([
    ['a missing file', /none\.log does not exist/, (folder) => join(folder, 'none.log')],
    ['a folder', /is a folder\n {2}name the files/, (folder) => folder],
    ['stdin', /- does not exist\n {2}write what stdin brings to a file/, () => '-'],
  ])('takes %s for a mistake in the command: exit code 2', async (_what, message, make) => {
    const binary = write('b.log', Buffer.alloc(5_000));
    const alone = await replay(make(daemon.folder), '--json');
    const among = await replay(binary, make(daemon.folder));

    expect([alone.code, among.code, alone.stdout]).toEqual([2, 2, '']);
    expect(alone.stderr).toMatch(message);
    expect(among.stderr).toMatch(/2 logs cannot.*is no text/s);
  });

  it('refuses a wrong rc file, an unknown jail, no log and a wrong year with exit code 2', async () => {
    const log = write('a.log', burst('203.0.113.8', start, 5));
    const jail = await replay(log, '--jail', 'sshdd');
    const none = await replay();
    const year = await replay(log, '--year', '24');
    daemon.configure('  sshd: { filter: shsd, sources: [LOG], actions: [nftables] }');
    const rc = await replay(log);

    expect([jail.code, none.code, year.code, rc.code]).toEqual([2, 2, 2, 2]);
    expect(jail.stderr).toMatch(/no jail "sshdd".*\n.*did you mean "sshd"/);
    expect(year.stderr).toMatch(/--year got '24', wanted four digits/);
    expect(rc.stderr).toMatch(/remand\.yaml:\d+:\d+.*shsd/);
  });
});

describe('the guide to tuning a jail', () => {
  const guide = readFileSync(join(root, 'docs/guides/tune-a-jail.md'), 'utf8');
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'remand-guide-'));
    mkdirSync(join(folder, 'log'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('shows the difference that it promises', () => {
    const slow = Array.from({ length: 4 }, (_, n) =>
      failedPassword('203.0.113.40', new Date(start + n * 4 * hourMs)),
    );
    const fast = Array.from({ length: 6 }, (_, n) =>
      failedPassword('203.0.113.50', new Date(start + 20 * hourMs + n * 1_000)),
    );
    writeFileSync(join(folder, 'log/auth.log.2.gz'), gzipSync(slow.slice(0, 3).join('')));
    writeFileSync(join(folder, 'log/auth.log.1'), (slow[3] ?? '') + fast.join(''));
    writeFileSync(join(folder, 'log/auth.log'), '');

    const outputs: string[] = [];
    for (const [, language, text = ''] of guide.matchAll(/```(yaml|sh)\n([\s\S]*?)```/g)) {
      if (language === 'yaml') writeFileSync(join(folder, 'tune.yaml'), text, { mode: 0o600 });
      else for (const line of text.trim().split('\n')) outputs.push(run(line));
    }

    const [before = '', after = '', json = ''] = outputs;
    expect(outputs).toHaveLength(3);
    expect(before).toMatch(/^one ban from 10 lines of 2 logs/);
    expect(before).toMatch(/BANNED[^\n]*\n203\.0\.113\.50 /);
    expect(after).toMatch(/^2 bans from 10 lines of 2 logs/);
    expect(after).toMatch(/BANNED[^\n]*\n203\.0\.113\.40 /);
    expect(JSON.parse(json)).toMatchObject({ lines: 3, bans: [{ address: '203.0.113.40' }] });
  });

  function run(command: string): string {
    const [name, ...args] = command.replaceAll('/var/log', join(folder, 'log')).split(' ');
    expect(name).toBe('remand');
    const done = spawnSync(process.execPath, [remand, ...args], { cwd: folder, encoding: 'utf8' });
    expect(done.stderr).toBe('');
    return done.stdout;
  }
});

needs('prlimit')('remand replay of many logs', () => {
  let daemon: Daemon;

  beforeEach(() => {
    daemon = new Daemon(['prlimit', '--nofile=100:100']);
    daemon.configure('  sshd: { filter: sshd, sources: [LOG], actions: [nftables] }');
  });

  afterEach(() => daemon.remove());

  const logs = (count: number, stepMs: number) =>
    Array.from({ length: count }, (_, n) => {
      const path = join(daemon.folder, `${n}.log`);
      const times = [0, 10_000].map((afterMs) => new Date(start + n * stepMs + afterMs));
      writeFileSync(path, times.map((time) => failedPassword('203.0.113.8', time)).join(''));
      return path;
    });

  it('reads more than can be open, one after the other', async () => {
    const { code, stdout } = await daemon.cli('replay', ...logs(200, hourMs), '--json');

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ lines: 400, matched: 400, bans: [] });
  });

  it('says what to do when more are wanted at the same time', async () => {
    const { code, stderr } = await daemon.cli('replay', ...logs(200, 0));

    expect(code).toBe(1);
    expect(stderr).toMatch(/is one too many to be open at once\n {2}name fewer, or raise ulimit/);
  });
});
