import { appendFileSync, chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daemon } from './support/daemon.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { waitFor } from './support/wait-for.ts';

describe('the remand command', () => {
  let daemon: Daemon;

  beforeEach(() => {
    daemon = new Daemon();
  });

  afterEach(() => daemon.remove());

  const jail = '  sshd: { filter: sshd, sources: [LOG], observe: true, banTime: 1h }';

  it('tells every mistake of an rc file at once, with its place and what is wanted', async () => {
    writeFileSync(
      daemon.rc,
      [
        'version: 1',
        'defaults: { findTime: 10 minutes, maxRetyr: 3 }',
        'jails:',
        '  sshd:',
        '    filter: sshdd',
        '    sources: [/var/log/auth.log]',
        '    actions: [nftable]',
        '  web:',
        '    filter: { sshd: { mode: agressive } }',
        '    sources: [/var/log/auth.log]',
        '    observe: true',
        '  mail:',
        '    filter: sshd',
        '    sources: /var/log/mail.log',
        '    maxRetry: three',
        '',
      ].join('\n'),
      { mode: 0o600 },
    );

    const { code, stderr, stdout } = await daemon.cli('check');
    const text = stderr + stdout;

    expect(code).toBe(2);
    expect(text).toMatch(/remand\.yaml:2:\d+.*findTime.*10 minutes/);
    expect(text).toMatch(/remand\.yaml:2:\d+.*maxRetyr/);
    expect(text).toMatch(/did you mean "?maxRetry/i);
    expect(text).toMatch(/remand\.yaml:5:\d+.*sshdd/);
    expect(text).toMatch(/did you mean "?sshd/i);
    expect(text).toMatch(/remand\.yaml:7:\d+.*nftable/);
    expect(text).toMatch(/remand\.yaml:9:\d+.*got "agressive"/);
    expect(text).toMatch(/did you mean "aggressive"/);
    expect(text).toMatch(/remand\.yaml:15:\d+.*maxRetry.*three/);
  });

  it('refuses plugins of another version, and files that others may write', async () => {
    const plugin = join(daemon.folder, 'old.mjs');
    writeFileSync(plugin, "export default { kind: 'filter', name: 'old', apiVersion: 99 };\n");
    daemon.configure(jail, `plugins: [${plugin}]`);

    const old = await daemon.cli('check');
    chmodSync(daemon.rc, 0o666);
    const writable = await daemon.cli('check');

    expect(old.code).toBe(2);
    expect(old.stderr + old.stdout).toMatch(/99/);
    expect(writable.code).toBe(2);
    expect(writable.stderr + writable.stdout).toMatch(/write/);
  });

  it('says who is banned and why, in words and in JSON', async () => {
    daemon.configure(jail);
    await daemon.start();
    for (let n = 0; n < 3; n++) appendFileSync(daemon.log, failedPassword('203.0.113.8'));
    await waitFor('the ban', async () => (await daemon.bans()).length === 1);

    const words = await daemon.cli('why', '203.0.113.8');
    const json = await daemon.why('203.0.113.8');
    const nothing = await daemon.cli('why', '203.0.113.99');

    expect(words.stdout).toContain('Failed password for root from 203.0.113.8');
    expect(json).toMatchObject({ address: '203.0.113.8', live: true });
    expect(nothing.code).toBe(1);
  });

  it('says that there is no daemon, and how to start one', async () => {
    daemon.configure(jail);

    const { code, stderr } = await daemon.cli('status');

    expect(code).toBe(1);
    expect(stderr).toMatch(/remand run/);
  });

  it('refuses a second daemon on the same state', async () => {
    daemon.configure(jail);
    await daemon.start();

    const second = await daemon.cli('run');

    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/in use|runs on the same state|another/i);
    expect((await daemon.cli('status')).code).toBe(0);
  });

  it('leaves the socket of somebody else alone', async () => {
    daemon.configure(jail);
    const other = createServer().listen(join(daemon.folder, 'control.sock'));
    try {
      const { code, stderr } = await daemon.cli('run');

      expect(code).toBe(1);
      expect(stderr).toMatch(/control\.sock/);
    } finally {
      other.close();
    }
  });

  it('counts hostile lines and matches none in part', async () => {
    daemon.configure(jail);
    await daemon.start();
    const long = `${'x'.repeat(1024 * 1024)} ${failedPassword('203.0.113.1')}`;
    const hostile = [
      failedPassword('203.0.113.2').replace('\n', '\r\n'),
      failedPassword('203.0.113.3', new Date(), 'a\0b\x1b[2J'),
      failedPassword('203.0.113.4', new Date(), '\xff\xfe'),
      failedPassword('203.0.113.5', new Date(), 'root from 9.9.9.9 port 1 ssh2'),
      long,
    ];
    for (let n = 0; n < 3; n++) {
      for (const line of hostile) appendFileSync(daemon.log, Buffer.from(line, 'latin1'));
    }
    await waitFor('the bans', async () => (await daemon.bans()).length >= 4);

    const held = (await daemon.bans()).map(({ address }) => address).sort();
    const [status] = (await daemon.status()).jails;
    const shown = await daemon.cli('why', '203.0.113.3');

    expect(held).toEqual(['203.0.113.2', '203.0.113.3', '203.0.113.4', '203.0.113.5']);
    expect(status?.oversized).toBe(3);
    expect(shown.stdout).not.toContain('\x1b');
    expect(shown.stdout).not.toContain('\0');
  });

  it('ends in order at SIGTERM and goes on where it was', async () => {
    daemon.configure(jail);
    await daemon.start();
    appendFileSync(daemon.log, failedPassword('203.0.113.8').repeat(2));
    await waitFor('two offences', async () => (await daemon.status()).jails[0]?.offences === 2);

    expect(await daemon.end('SIGTERM')).toBe(0);
    appendFileSync(daemon.log, failedPassword('203.0.113.8'));
    await daemon.start();

    await waitFor('the ban', async () => (await daemon.bans()).length === 1);
  });
});
