import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lookForNeighbours } from '../../src/neighbours/look-for-neighbours.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A folder that looks like the root of a machine. */
class Machine {
  readonly root = tempFolder();

  constructor() {
    this.process(1, 'systemd', ['/sbin/init']);
    this.namespace('self', 1);
    this.file('proc/net/unix', 'Num RefCount Protocol Flags Type St Inode Path\n');
  }

  file(path: string, text: string): void {
    const whole = join(this.root, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, text);
  }

  process(pid: number, comm: string, args: readonly string[], network = 1): void {
    this.file(`proc/${pid}/comm`, `${comm}\n`);
    this.file(`proc/${pid}/cmdline`, args.map((arg) => `${arg}\0`).join(''));
    this.namespace(pid, network);
  }

  namespace(pid: number | 'self', network: number): void {
    const folder = join(this.root, `proc/${pid}/ns`);
    mkdirSync(folder, { recursive: true });
    symlinkSync(`net:[${network}]`, join(folder, 'net'));
  }

  async look() {
    const { found, unseen } = await lookForNeighbours(this.root);
    const short = found.map(({ known, ...rest }) => ({ program: known.program, ...rest }));
    return { found: short, unseen };
  }
}

describe(lookForNeighbours.name, () => {
  it.each<[string, number, string, string[], object]>([
    [
      'fail2ban',
      812,
      'fail2ban-server',
      ['/usr/bin/python3', '/usr/bin/fail2ban-server', '-xf', 'start'],
      { program: 'fail2ban', blocks: true, foundBy: ['process fail2ban-server (pid 812)'] },
    ],
    [
      'fail2ban that python was given',
      812,
      'python3.11',
      ['python3.11', '-u', '/opt/fail2ban-server', 'start'],
      { program: 'fail2ban', blocks: true, foundBy: ['process fail2ban-server (pid 812)'] },
    ],
    [
      "CrowdSec's bouncer, whose name is cut by the kernel",
      70,
      'crowdsec-firewa',
      ['/usr/bin/crowdsec-firewall-bouncer', '-c', 'x.yaml'],
      { program: 'crowdsec', blocks: true, pid: 70 },
    ],
    [
      "CrowdSec's engine, which blocks nothing",
      71,
      'crowdsec',
      ['/usr/bin/crowdsec'],
      { program: 'crowdsec', blocks: false, pid: 71 },
    ],
    [
      'SSHGuard',
      9,
      'sshguard',
      ['/bin/sh', '/usr/sbin/sshguard'],
      { program: 'sshguard', blocks: true, pid: 9 },
    ],
  ])('finds %s', async (_what, pid, comm, args, seen) => {
    const machine = new Machine();
    machine.process(pid, comm, args);

    const { found, unseen } = await machine.look();

    expect(found).toMatchObject([{ state: 'running', ...seen }]);
    expect(unseen).toEqual([]);
  });

  it("knows SSHGuard's place by its helper", async () => {
    const machine = new Machine();
    machine.process(9, 'sshg-blocker', ['/usr/libexec/sshguard/sshg-blocker']);
    machine.process(10, 'sshg-fw-nft-set', ['/bin/sh', '/usr/libexec/sshguard/sshg-fw-nft-sets']);

    expect((await machine.look()).found).toMatchObject([
      { pid: 9, keepsIn: 'the tables ip sshguard and ip6 sshguard' },
    ]);
  });

  it.each<[string, (machine: Machine) => void]>([
    ['nothing', () => undefined],
    ['an editor', (one) => one.process(5, 'vim', ['vim', '/etc/fail2ban/fail2ban-server'])],
    ['a client', (one) => one.process(5, 'python3', ['python3', '/usr/bin/fail2ban-client'])],
    ['a zombie', (one) => one.process(5, 'fail2ban-server', [])],
    ['another network', (one) => one.process(5, 'fail2ban-server', ['/x'], 2)],
    ['a socket that was left behind', (one) => one.file('run/fail2ban/fail2ban.sock', '')],
    ['a pid file that was left behind', (one) => one.file('run/fail2ban/fail2ban.pid', '4711\n')],
  ])('takes %s for no neighbour', async (_what, prepare) => {
    const machine = new Machine();
    prepare(machine);

    expect(await machine.look()).toEqual({ found: [], unseen: [] });
  });

  it('finds one whose process it cannot see by the socket that it listens on', async () => {
    const machine = new Machine();
    machine.file(
      'proc/net/unix',
      '0000000000000000: 00000002 00000000 00010000 0001 01 31337 /run/fail2ban/fail2ban.sock\n',
    );

    expect((await machine.look()).found).toMatchObject([
      { program: 'fail2ban', pid: null, foundBy: ['socket /run/fail2ban/fail2ban.sock'] },
    ]);
  });

  it('says that processes are hidden, and goes by pid files then', async () => {
    const { root } = tempFolderWith({ 'proc/77/comm': 'sh\n', 'run/sshguard.pid': '812\n' });

    const { found, unseen } = await lookForNeighbours(root);

    expect(found).toMatchObject([{ state: 'running', foundBy: ['pid file /run/sshguard.pid'] }]);
    expect(unseen).toEqual([
      'processes of other users: /proc hides them',
      'the sockets of running programs',
    ]);
  });

  it('says that it saw nothing where there is no /proc', async () => {
    expect(await lookForNeighbours(tempFolder())).toEqual({
      found: [],
      unseen: ['running processes: /proc cannot be read', 'the sockets of running programs'],
    });
  });

  it('never fails', async () => {
    expect(await lookForNeighbours(null as never)).toEqual({
      found: [],
      unseen: [expect.stringMatching(/^anything: /)],
    });
  });

  it('says when it may not see whether a process shares our network', async () => {
    const machine = new Machine();
    machine.file('proc/812/comm', 'fail2ban-server\n');
    machine.file('proc/812/cmdline', '/usr/bin/python3\0/usr/bin/fail2ban-server\0');

    const { found, unseen } = await machine.look();

    expect(found).toMatchObject([{ pid: 812 }]);
    expect(unseen).toEqual(['whether pid 812 shares our network (root may look)']);
  });

  it('finds one that starts at the next boot', async () => {
    const machine = new Machine();
    machine.file('etc/systemd/system/multi-user.target.wants/fail2ban.service', '');
    machine.process(5, 'fail2ban-server', ['/in/a/container'], 2);

    expect((await machine.look()).found).toMatchObject([
      { program: 'fail2ban', state: 'enabled', pid: null },
    ]);
  });
});

function tempFolderWith(files: Readonly<Record<string, string>>): { readonly root: string } {
  const root = tempFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { root };
}
