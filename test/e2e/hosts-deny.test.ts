import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { systemPath } from '../support/programs.ts';
import { Daemon } from './support/daemon.ts';
import { sshdJails } from './support/sshd-jails.ts';
import { waitFor } from './support/wait-for.ts';

const attacker = '198.51.100.10';
const attacker6 = '2001:db8:a::10';
const neighbour = '198.51.100.11';
/** An administrator's file, with a line that equals a ban and without the last line end. */
const admins = '# mine\r\nALL: 203.0.113.20\nALL: 192.0.2.1 \xff\n';

needs('tcpdmatch')('remand with hosts.deny', () => {
  let daemon: Daemon;
  let path: string;

  beforeEach(() => {
    daemon = new Daemon();
    const folder = join(daemon.folder, 'etc');
    mkdirSync(folder);
    path = join(folder, 'hosts.deny');
    writeFileSync(join(folder, 'hosts.allow'), '');
    writeFileSync(join(folder, 'real'), admins, { mode: 0o640, encoding: 'latin1' });
    symlinkSync('real', path);
  });

  afterEach(() => daemon.remove());

  const configure = (banTimes: Readonly<Record<string, string>>, more: object = {}) =>
    daemon.configure(sshdJails(banTimes, [{ 'hosts-deny': { path, ...more } }]));

  function access(client: string): string | undefined {
    const said = execFileSync('tcpdmatch', ['-d', 'sshd', client], {
      cwd: join(path, '..'),
      encoding: 'utf8',
      env: { ...process.env, PATH: [process.env.PATH, ...systemPath].join(':') },
      timeout: 20_000,
    });
    return /^access:\s+(\S+)/m.exec(said)?.[1];
  }

  const text = () => readFileSync(path, 'latin1');

  it('frees at the next start what ended meanwhile', async () => {
    configure({ short: '2s' });
    await daemon.start();
    await daemon.attackUntilBanned(attacker);
    const [ban] = await daemon.bans();

    await daemon.end('SIGKILL');
    await waitFor('the ban to be over', () => Date.now() > Date.parse(ban?.until ?? '') + 500);
    expect(access(attacker)).toBe('denied');
    await daemon.start();

    await waitFor('the address to be granted', () => access(attacker) === 'granted');
  });

  it('denies both families, spares others, and gives the file back as it was', async () => {
    configure({ sshd: '1h' });
    await daemon.start();
    await daemon.attackUntilBanned(attacker);
    daemon.attack(attacker6);
    await daemon.waitForBan('2001:db8:a::/64');

    expect(access(attacker)).toBe('denied');
    expect(access('2001:db8:a::ffff')).toBe('denied');
    expect(access('2001:db8:b::10')).toBe('granted');
    expect(access(neighbour)).toBe('granted');

    expect((await daemon.cli('stop', '--flush')).code).toBe(0);
    expect(text()).toBe(admins);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(path, '../real')).mode & 0o7777).toBe(0o640);
  });

  it('writes the bans for other daemons after a reload, without letting go', async () => {
    configure({ sshd: '1h' });
    await daemon.start();
    await daemon.attackUntilBanned(attacker);
    expect(text()).toContain('ALL: 198.51.100.10\n');

    configure({ sshd: '1h' }, { daemons: ['sshd', 'vsftpd'] });
    expect((await daemon.cli('reload')).code).toBe(0);

    await waitFor('the ban to name them', () => text().includes('sshd, vsftpd: 198.51.100.10\n'));
    expect(text()).not.toContain('ALL: 198.51.100.10\n');
    expect(access(attacker)).toBe('denied');
    expect(text().endsWith(admins)).toBe(true);
  });

  it('puts bans back that an editor took out, and shows a damaged block instead of guessing', async () => {
    configure({ sshd: '1h' });
    await daemon.start();
    await daemon.attackUntilBanned(attacker);

    writeFileSync(path, '# edited\n');
    await waitFor('the ban to be back', () => access(attacker) === 'denied', 9_000);
    expect(text().endsWith('# edited\n')).toBe(true);

    const broken = text().replace('# remand end\n', '');
    writeFileSync(path, broken);
    daemon.attack(neighbour);
    await waitFor('the list to be degraded', async () => {
      const [list] = (await daemon.status()).lists;
      return list?.state === 'degraded' && /hosts\.deny:1: .*ends nowhere/.test(list.reason);
    });
    expect(text()).toBe(broken);

    writeFileSync(path, '# repaired\n');
    await waitFor('all bans', () =>
      [attacker, neighbour].every((host) => access(host) === 'denied'),
    );
    expect(text().endsWith('# repaired\n')).toBe(true);
  });
});
