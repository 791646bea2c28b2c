import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../src/main.ts';
import { fakeTerminal } from './support/fake-terminal.ts';

const failed = (address: string, user = 'root') =>
  `Nov 24 10:00:00 host sshd[1]: Failed password for ${user} from ${address} port 22 ssh2\n`;

let folder = '';
let log = '';
let rc = '';

beforeEach(() => {
  vi.stubEnv('TZ', 'Europe/Berlin');
  folder = mkdtempSync(join(tmpdir(), 'remand-match-'));
  log = join(folder, 'auth.log');
  rc = join(folder, 'remand.yaml');
  writeFileSync(
    rc,
    `version: 1
neverBan: [203.0.113.200]
defaults: { maxRetry: 2, actions: [observe] }
jails:
  sshd: { filter: sshd, sources: [${log}] }
state: { path: ${folder}/state }
`,
    { mode: 0o600 },
  );
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('remand match', () => {
  it('writes one object a line, in order, over all inputs', async () => {
    writeFileSync(log, `${failed('203.0.113.7', 'j\u00f6rg')}nothing\n\n`);

    const { code, stdout, stderr } = await remand(
      ['match', 'sshd', log, '-', '--json'],
      failed('2001:DB8::0:7'),
    );

    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^[ -~\n]+$/);
    const nothing = { match: false, address: null, user: null, time: null };
    const rows = objects(stdout);
    expect(rows).toEqual([
      { n: 1, match: true, address: '203.0.113.7', user: 'j\u00f6rg', time: rows[0]?.time },
      { n: 2, ...nothing },
      { n: 3, ...nothing },
      { n: 4, match: true, address: '2001:db8::7', user: 'root', time: rows[0]?.time },
    ]);
    expect(rows[0]?.time).toMatch(/^20\d\d-11-24T09:00:00\.000Z$/);
  });

  it('tells of a few lines in full, with the patterns and where each stopped', async () => {
    const lines = `${failed('HOST')}${failed('203.0.113.7')}`;

    const { code, stdout } = await remand(['match', 'sshd'], lines);

    expect(code).toBe(0);
    expect(stdout).toMatch(/time +20\d\d-11-24T09:00:00\.000Z .*taken as Europe\/Berlin/);
    expect(stdout).toMatch(/failed-login +30 +HOST port 22 ssh2 +an address/);
    expect(stdout).toMatch(/match +203\.0\.113\.7/);
    expect(stdout).toMatch(/lines +2, of which 2 with a time\nmatched +1, of one address/);
  });

  it('shows the matches of a long input, and who is in it most', async () => {
    const lines = failed('203.0.113.7').repeat(9) + failed('203.0.113.8', '\u001b[2J').repeat(3);

    const { stdout } = await remand(['match', 'sshd'], `${lines}cron[1]: x\n`);

    expect(stdout).toMatch(/^ +1 {2}20\d\d-11-24T09:00:00\.000Z +203\.0\.113\.7 +root$/m);
    expect(stdout).toContain('\\x1b[2J');
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toMatch(/203\.0\.113\.7 +9 +1 +9\n203\.0\.113\.8 +3 +10 +12\n$/);
  });

  it('finds nothing, says why, and exits 1', async () => {
    const lines = 'Nov 24 10:00:00 h cron[1]: x\n'.repeat(11);

    const { code, stdout } = await remand(['match', 'sshd'], lines);

    expect(code).toBe(1);
    expect(stdout).toMatch(/! line 1: the filter reads the programs sshd,.*is of cron\n {2}→ /);
  });

  it('says that it waits for somebody who types', async () => {
    const terminal = fakeTerminal({ interactive: true });

    expect(await main(['match', 'sshd'], terminal)).toBe(1);
    expect(terminal.stderr).toMatch(/^reading lines from the terminal; Ctrl-D ends them\n/);
  });

  it('takes options of the filter', async () => {
    const line = 'host sshd[1]: Connection closed by 203.0.113.7 port 22 [preauth]\n';

    const normal = await remand(['match', 'sshd'], line);
    const ddos = await remand(['match', 'sshd', '--option', 'mode=ddos'], line);

    expect(normal).toMatchObject({ code: 1, stdout: expect.stringContaining('option mode: ddos') });
    expect(ddos.code).toBe(0);
  });

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('reads what is packed with %s', async (_how, pack) => {
    writeFileSync(log, pack(failed('203.0.113.7').repeat(50_000)));

    const answer = await remand(['match', 'sshd', log, '--json']);

    expect(answer.stdout.split('\n').filter((line) => line.includes('203.0.113.7'))).toHaveLength(
      50_000,
    );
  });

  it('says of a packed log that is cut that it ends too early', async () => {
    writeFileSync(log, gzipSync(failed('203.0.113.7').repeat(1_000)).subarray(0, -20));

    const answer = await remand(['match', 'sshd', log]);

    expect(answer.code).toBe(1);
    expect(answer.stderr).toMatch(/auth\.log cannot be unpacked: it ends too early\n {2}gzip -dc/);
  });

  it.each([
    ['an empty one', () => writeFileSync(log, ''), 1, /auth\.log is empty\n {2}→ /],
    [
      'one that nothing here unpacks',
      () => writeFileSync(log, 'BZh91AY'),
      1,
      /auth\.log is compressed by bzip2\n {2}→ bzcat FILE \| remand match sshd -\n/,
    ],
    ['a binary one', () => writeFileSync(log, '\0\x01\n'), 1, /is binary: it holds NUL/],
    ['a missing one', () => undefined, 2, /^remand: there is no file .*auth\.log\n {2}name a log/],
  ])('says of %s what it found and what to do', async (_, arrange, code, sentence) => {
    arrange();

    const answer = await remand(['match', 'sshd', log]);

    expect(answer.code).toBe(code);
    expect(answer.stderr).toMatch(sentence);
  });

  it('says of a folder what it is, before it reads anything', async () => {
    writeFileSync(log, failed('203.0.113.7'));

    const { code, stdout, stderr } = await remand(['match', 'sshd', log, folder]);

    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/is a folder, not a log\n {2}name the files/);
  });

  it.each([
    [['sshdd'], /no filter named "sshdd"\n {2}did you mean "sshd"/],
    [['sshd', '--option', 'mode=agressive'], /mode: got "agressive".*\n {2}did you mean/],
    [['sshd', '--option', 'moed=ddos'], /did you mean "mode"/],
    [['sshd', '--option', 'ddos'], /--option got "ddos", wanted NAME=VALUE/],
    [['./nothing.mjs'], /nothing\.mjs cannot be loaded/],
  ])('refuses %j with exit code 2', async (args, sentence) => {
    const { code, stderr } = await remand(['match', ...args], 'x\n');

    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
  });

  it('tries the filter of a module, by its path or by the rc file', async () => {
    const plugin = join(folder, 'mine.mjs');
    writeFileSync(plugin, mine, { mode: 0o600 });
    chmodSync(folder, 0o700);
    writeFileSync(rc, `plugins: [${plugin}]\n`, { flag: 'a' });

    const byPath = await remand(['match', plugin, '--json'], 'x\n');
    const byName = await remand(['match', 'mine', '--json', '-c', rc], 'x\n');

    for (const { code, stdout } of [byPath, byName]) {
      expect(code).toBe(0);
      expect(objects(stdout)).toMatchObject([{ address: '203.0.113.9' }]);
    }
    expect((await remand(['match', plugin], 'x\n')).stdout).toContain('does not explain itself');
  });
});

describe('remand explain', () => {
  it('shows every step of a line', async () => {
    const line = failed('::ffff:203.0.113.7').trimEnd();

    const { code, stdout, stderr } = await remand(['explain', line, '-c', rc]);

    expect(code).toBe(0);
    expect(stderr).toMatch(/counted before was not looked at: there is no ledger/);
    expect(stdout).toMatch(/header +syslog/);
    expect(stdout).toMatch(/time .*taken as Europe\/Berlin/);
    expect(stdout).toMatch(/program +sshd, process 1/);
    expect(stdout).toMatch(/jail sshd {2}filter sshd\n.*PATTERN.*\n +failed-login/);
    expect(stdout).toMatch(/address +::ffff:203\.0\.113\.7, which is 203\.0\.113\.7/);
    expect(stdout).toMatch(/never ban +no\ncounter +1 of 2 within 10m\noutcome +counted; 1 more/);
    expect(readdirSync(folder)).not.toContain('state');
  });

  it('goes on from line to line, and never shows them raw', async () => {
    const lines = `${failed('203.0.113.7', '\u001b[2J\0\u00ff').repeat(3)}\u001b]0;x\u0007\n`;

    const { stdout } = await remand(['explain', '-', '-c', rc], Buffer.from(lines, 'latin1'));

    expect(stdout).toMatch(/counted; 1 more.*banned until.*the jail bans it already/s);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(stdout).toMatch(/header +none that is known.*→ give the whole line.*header: none/s);
  });

  it('writes one object a line', async () => {
    const lines = `${failed('203.0.113.200')}${failed('2001:db8::7')}`;

    const { code, stdout, stderr } = await remand(['explain', '-', '--json', '-c', rc], lines);

    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(objects(stdout)).toMatchObject([
      { n: 1, readings: [{ jails: [{ jail: 'sshd', outcome: 'never-ban' }] }] },
      { n: 2, readings: [{ jails: [{ outcome: 'counted', target: '2001:db8::/64' }] }] },
    ]);
  });

  it.each([
    [
      ['explain', 'two', 'words'],
      2,
      /got 2 arguments, wanted one line\n {2}put the line in quotes/,
    ],
    [['explain', ''], 2, /got an empty line/],
    [['explain', tmpdir()], 2, /wants a line, and .* is a path\n {2}pass its lines on stdin/],
    [['explain', '-'], 1, /stdin is empty/],
  ])('says of %j what is wrong', async (argv, code, sentence) => {
    const answer = await remand([...argv, '-c', rc]);

    expect(answer.code).toBe(code);
    expect(answer.stderr).toMatch(sentence);
  });

  it('finds nothing in what is no text, and says how to read it', async () => {
    const answer = await remand(['explain', '-', '-c', rc], gzipSync(failed('203.0.113.7')));

    expect(answer.code).toBe(1);
    expect(answer.stderr).toMatch(
      /stdin is compressed by gzip\n {2}→ zcat FILE \| remand explain -\n/,
    );
  });

  it('refuses a wrong rc file with every mistake and its place', async () => {
    writeFileSync(rc, 'log: { level: loud }\nnonsense: 1\n', { flag: 'a' });

    const { code, stderr } = await remand(['explain', 'x', '-c', rc]);

    expect(code).toBe(2);
    expect(stderr).toMatch(/remand\.yaml:7:\d+ .*log\.level.*remand\.yaml:8:1 .*nonsense/s);
  });
});

const mine = `export default {
  kind: 'filter', name: 'mine', apiVersion: 1, summary: 'Mine.', inject: [],
  options: { '~standard': {
    version: 1, vendor: 'test', validate: (value) => ({ value }),
    jsonSchema: { input: () => ({}), output: () => ({}) },
  } },
  create: () => ({ match: () => ({ address: '203.0.113.9' }) }),
};
`;

async function remand(argv: readonly string[], input: string | Uint8Array = '') {
  const terminal = fakeTerminal({
    input: input.length === 0 ? [] : [typeof input === 'string' ? Buffer.from(input) : input],
  });
  const code = await main(argv, terminal);
  return { code, stdout: terminal.stdout, stderr: terminal.stderr };
}

function objects(stdout: string): readonly { readonly time?: string }[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
