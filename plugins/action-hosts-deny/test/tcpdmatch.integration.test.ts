import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, memoryLogger } from '@remand/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../../../test/support/needs.ts';
import { HostsDenyAction } from '../src/hosts-deny-action.ts';
import { options } from '../src/options.ts';

const { signal } = new AbortController();
const add = (target: string) => ({ op: 'add', target, timeoutMs: null }) as const;
const remove = (target: string) => ({ op: 'remove', target, timeoutMs: null }) as const;

needs('tcpdmatch')('libwrap reads what hosts-deny writes', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'remand-deny-'));
    path = join(folder, 'hosts.deny');
    writeFileSync(join(folder, 'hosts.allow'), '');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function make(given: object = {}) {
    return new HostsDenyAction({
      list: 'hosts-deny/x',
      options: options.parse({ path, ...given }),
      clock: new FakeClock(),
      logger: memoryLogger(),
    });
  }

  /** `tcpdmatch -d` reads the two files of its working folder. */
  function access(client: string, daemon = 'sshd'): string | undefined {
    const said = execFileSync('tcpdmatch', ['-d', daemon, client], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
      timeout: 20_000,
    });
    return /^access:\s+(\S+)/m.exec(said)?.[1];
  }

  it('denies addresses and ranges of both families, and nobody beside them', async () => {
    const targets = [
      '198.51.100.7',
      '203.0.113.64/26',
      '2001:db8::1',
      '2001:db8:0:1::/64',
      '2001:db8:4::/47',
    ];
    const action = make();
    await action.apply(targets.map(add), signal);

    const denied = [
      ...['198.51.100.7', '203.0.113.64', '203.0.113.127', '2001:db8::1'],
      ...['2001:db8:0:1::', '2001:db8:0:1:ffff::9', '2001:db8:5::1'],
    ];
    const granted = [
      ...['198.51.100.8', '198.51.100.70', '203.0.113.63', '203.0.113.128'],
      ...['2001:db8::2', '2001:db8:0:2::', '2001:db8:6::1'],
    ];
    expect(denied.filter((client) => access(client) !== 'denied')).toEqual([]);
    expect(granted.filter((client) => access(client) !== 'granted')).toEqual([]);

    await action.apply(targets.map(remove), signal);
    expect(denied.filter((client) => access(client) !== 'granted')).toEqual([]);
  });

  it('denies for the daemons of the list alone', async () => {
    await make({ daemons: ['sshd', 'vsftpd'] }).apply([add('198.51.100.7')], signal);

    expect(access('198.51.100.7', 'vsftpd')).toBe('denied');
    expect(access('198.51.100.7', 'slapd')).toBe('granted');
  });

  // Where libwrap cannot read a line it denies everybody who got so far.
  it.each([
    ['with CRLF', '# mine\r\nALL: 192.0.2.1\r\n', 'granted'],
    ['without a last line end', '# mine\nALL: 192.0.2.1', 'denied'],
    ['with a line that goes on', 'ALL: 192.0.2.9, \\\n192.0.2.1\n', 'granted'],
    ['with a line that goes on at the end', 'ALL: 192.0.2.1\nsshd: \\\n', 'denied'],
    ['with bytes that are no text', 'ALL: 192.0.2.1\n\xff\xfe\0\x01 : \x80\n', 'denied'],
    ['with a line that is too long', `ALL: 192.0.2.1\n${'x'.repeat(10_000)}\n`, 'denied'],
    ['with a byte order mark', '\xef\xbb\xbfALL: 192.0.2.9\nALL: 192.0.2.1\n', 'granted'],
  ])('works beside the lines of an admin %s, and gives them back', async (_what, text, others) => {
    writeFileSync(path, text, 'latin1');
    const verdicts = () => [access('192.0.2.1'), access('192.0.2.2')];
    expect(verdicts()).toEqual(['denied', others]);
    const action = make();
    await action.start(signal);

    await action.apply([add('198.51.100.7'), add('2001:db8::1')], signal);

    expect(access('198.51.100.7')).toBe('denied');
    expect(access('2001:db8::1')).toBe('denied');
    expect(verdicts()).toEqual(['denied', others]);
    await action.flush(signal);
    expect(readFileSync(path, 'latin1')).toBe(text);
  });

  it('denies with 100 000 bans in the file', async () => {
    const many = Array.from(
      { length: 100_000 },
      (_, n) => `198.${18 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`,
    );
    const action = make();
    for (let start = 0; start < many.length; start += 20_000) {
      await action.apply(many.slice(start, start + 20_000).map(add), signal);
    }

    expect(access(many[99_999] ?? '')).toBe('denied');
    expect(access('198.51.100.7')).toBe('granted');
    await action.apply(many.map(remove), signal);
    expect(access(many[99_999] ?? '')).toBe('granted');
  });
});
