import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Daemon } from './support/daemon.ts';
import { addresses, Network } from './support/network.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { waitFor } from './support/wait-for.ts';

const { attacker } = addresses;

/** A machine with one log, and a state and a runtime folder of its own, for what runs behind it alone. */
const onMachine = [
  'mount -t tmpfs none /var/log && touch /var/log/auth.log',
  'mount --bind "$0/auth.log" /var/log/auth.log',
  'mount --bind "$0/lib" /var/lib && mount --bind "$0/run" /run && exec "$@"',
].join(' && ');

needs(
  'root',
  'ip',
  'nft',
  'ss',
  'unshare',
)('remand init', () => {
  let network: Network;
  let machine: string;
  let daemon: Daemon;
  let ftp: ChildProcess;

  beforeEach(async () => {
    network = new Network();
    machine = mkdtempSync(join(tmpdir(), 'remand-init-'));
    for (const folder of ['lib', 'run']) mkdirSync(join(machine, folder));
    attack('192.0.2.99');
    const inside = ['unshare', '--mount', 'sh', '-c', onMachine, machine];
    daemon = new Daemon([...network.argv('firewall'), ...inside], {
      SSH_CONNECTION: '203.0.113.7 50100 198.51.100.1 22',
    });
    ftp = await listenAs('vsftpd', 21);
  });

  afterEach(async () => {
    await daemon.remove();
    if (ftp.kill('SIGKILL')) await once(ftp, 'exit');
    network.remove();
    rmSync(machine, { recursive: true });
  });

  function attack(address: string): void {
    appendFileSync(join(machine, 'auth.log'), failedPassword(address));
  }

  /** A program of that name that listens; it has logged nothing yet. */
  async function listenAs(name: string, port: number): Promise<ChildProcess> {
    const listen = `require('node:net').createServer().listen(${port}, '0.0.0.0', () => console.log('up'))`;
    const script = `process.title = '${name}'; ${listen}`;
    const [ip = '', ...args] = network.argv('firewall', process.execPath, '-e', script);
    const child = spawn(ip, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return child;
  }

  const blocked = () => network.exec('firewall', 'nft', 'list', 'ruleset');

  it('writes an rc file of what it found, which is in order and bans', async () => {
    const { code, stdout } = await daemon.cli('init');

    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^sshd .*\/var\/log\/auth\.log has lines of it/m);
    expect(stdout).toMatch(/^vsftpd .*vsftpd listens on port 21/m);
    expect(stdout).toContain('bans with nftables');
    const text = readFileSync(daemon.rc, 'utf8');
    expect(text).toContain('neverBan: [203.0.113.7]');
    expect(text).toMatch(/# Bans who guesses .*: .*auth\.log has lines of it\.\n {2}sshd: /);
    const check = await daemon.cli('check');
    expect(check.stdout + check.stderr).toContain('no mistakes');
    expect(check.code).toBe(0);

    const again = await daemon.cli('init');
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('is there already');
    expect(readFileSync(daemon.rc, 'utf8')).toBe(text);

    await daemon.start();
    for (let count = 0; count < 3; count++) attack(attacker.host);
    await daemon.waitForBan(attacker.host);
    expect(blocked()).toContain(attacker.host);
  });

  it('observes first when it is asked to', async () => {
    expect((await daemon.cli('init', '--observe')).code).toBe(0);

    await daemon.start();
    for (let count = 0; count < 3; count++) attack(attacker.host);
    await waitFor('the decision', async () => (await daemon.ban(attacker.host)) !== undefined);
    expect(blocked()).not.toContain(attacker.host);
  });

  it('only shows it, and takes no place, with --print', async () => {
    const { code, stdout } = await daemon.cli('init', '--print');

    expect(code).toBe(0);
    expect(stdout).toContain('\n  sshd: { filter: sshd }\n');
    expect(() => readFileSync(daemon.rc)).toThrow('ENOENT');
  });
});
