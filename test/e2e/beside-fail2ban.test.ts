import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Daemon } from './support/daemon.ts';
import { Fail2ban } from './support/fail2ban.ts';
import { Gateway, ssh } from './support/gateway.ts';
import { addresses, Network } from './support/network.ts';
import { TcpServer } from './support/tcp-server.ts';
import { waitFor } from './support/wait-for.ts';

const { attacker, neighbour } = addresses;

const guide = readFileSync(
  join(import.meta.dirname, '../../docs/guides/beside-fail2ban.md'),
  'utf8',
);
const [example = '', shorewallExample = ''] = [
  ...guide.matchAll(/```yaml\n(version[\s\S]*?)```/g),
].map(([, rc = '']) => rc);
const [, otherFilter = ''] = /```yaml\n( +filter: .*\n)```/.exec(guide) ?? [];

/** The guide's rc with this log, and with a folder of the test's own for what it writes. */
function configure(daemon: Daemon, log: string, rc = example): void {
  const own = `state: { path: ./state }\ncontrol: { socket: ./control.sock }\n`;
  writeFileSync(daemon.rc, own + rc.replace('/var/log/fail2ban.log', log), { mode: 0o600 });
}

const line = (jail: string, what: string, address: string) =>
  `${stamp()} fail2ban.actions        [123]: NOTICE  [${jail}] ${what} ${address}\n`;

function stamp(at = new Date()): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString();
  return local.slice(0, 23).replace('T', ' ').replace('.', ',');
}

describe('the rc files in the guide to fail2ban', () => {
  let daemon: Daemon;
  beforeEach(() => {
    daemon = new Daemon();
  });
  afterEach(() => daemon.remove());

  it('are taken as they are', async () => {
    expect(otherFilter).not.toBe('');
    for (const [rc, list] of [
      [example, 'nftables/fail2ban'],
      [example.replace(/ +filter: .*\n/, otherFilter), 'nftables/fail2ban'],
      [shorewallExample, 'iptables-allports/fail2ban'],
    ] as const) {
      writeFileSync(daemon.rc, rc, { mode: 0o600 });
      const { code, stdout } = await daemon.cli('check');

      expect(code).toBe(0);
      expect(stdout).toContain(list);
    }
  });

  it.each([
    ['counts', example, 'sshd', 'Ban', 'counted'],
    ['counts no restored ban', example, 'sshd', 'Restore Ban', 'no-match'],
    ['leaves recidive out', example, 'recidive', 'Ban', 'no-match'],
    ['counts any other', example, 'nginx-badbots', 'Ban', 'counted'],
    [
      'leaves out what is said',
      example.replace(/ +filter: .*\n/, otherFilter),
      'nginx-badbots',
      'Ban',
      'no-match',
    ],
  ])('%s', async (_title, rc, jail, what, outcome) => {
    configure(daemon, daemon.log, rc);

    const { stdout } = await daemon.cli(
      'explain',
      '--json',
      line(jail, what, attacker.host).trim(),
    );

    const { readings } = JSON.parse(stdout);
    expect(readings[0].jails).toMatchObject([{ jail: 'fail2ban', outcome }]);
  });

  it.each([
    ['fail2ban.actions[123]: NOTICE [sshd] Ban', 'counted'],
    ['fail2ban-server[9]: fail2ban.actions        [123]: NOTICE  [sshd] Ban', 'counted'],
    ['fail2ban[123]: [sshd] Ban', 'counted'],
    ['fail2ban.actions[123]: NOTICE [sshd] Restore Ban', 'no-match'],
    ['mallory[123]: NOTICE [sshd] Ban', 'no-match'],
    ['mallory: fail2ban.actions        [123]: NOTICE  [sshd] Ban', 'no-match'],
  ])('reads in syslog: %s', async (text, outcome) => {
    configure(daemon, daemon.log);

    const { stdout } = await daemon.cli(
      'explain',
      '--json',
      `Nov 25 00:00:00 gate ${text} ${attacker.host}`,
    );

    expect(JSON.parse(stdout).readings[0].jails).toMatchObject([{ outcome }]);
  });
});

needs(
  'root',
  'ip',
  'nft',
  'nc',
  'sysctl',
  'fail2ban-server',
)('remand beside a real fail2ban', () => {
  let network: Network;
  let daemon: Daemon;
  let fail2ban: Fail2ban;
  let sshd: TcpServer;

  beforeEach(async () => {
    network = new Network();
    sshd = await TcpServer.start(network.argv('firewall'), ssh);
    daemon = new Daemon(network.argv('firewall'));
    fail2ban = new Fail2ban(daemon.folder, network.argv('firewall'), {
      jails: ['sshd', 'recidive'],
    });
    await fail2ban.start();
  });

  afterEach(async () => {
    await fail2ban.stop();
    await daemon.remove();
    await sshd.stop();
    network.remove();
  });

  function banAndLift(jail: string, address: string): void {
    fail2ban.client('set', jail, 'banip', address);
    fail2ban.client('set', jail, 'unbanip', address);
  }

  const logged = (text: string): number =>
    readFileSync(fail2ban.log, 'utf8').split(text).length - 1;

  async function waitForOffences(count: number): Promise<void> {
    await waitFor(`${count} offences`, async () => {
      return (await daemon.status()).jails[0]?.offences === count;
    });
  }

  it('sends away for a week whom fail2ban banned three times', async () => {
    configure(daemon, fail2ban.log);
    await daemon.start();

    banAndLift('sshd', attacker.host);
    fail2ban.client('set', 'sshd', 'banip', attacker.host);
    await waitForOffences(2);
    await fail2ban.stop();
    await fail2ban.start();
    await waitFor('the restored ban', () => logged(`Restore Ban ${attacker.host}`) === 1);
    for (let count = 0; count < 3; count++) banAndLift('recidive', neighbour.host);
    await waitFor('the bans of recidive', () => logged(`[recidive] Ban ${neighbour.host}`) === 3);
    expect(network.reaches('attacker', attacker.gateway, ssh)).toBe(true);

    fail2ban.client('set', 'sshd', 'unbanip', attacker.host);
    banAndLift('sshd', attacker.host);
    await daemon.waitForBan(attacker.host);

    expect(network.reaches('attacker', attacker.gateway, ssh)).toBe(false);
    expect(network.reaches('neighbour', neighbour.gateway, ssh)).toBe(true);
    // Three, where the restored ban and the bans of recidive would have made seven.
    expect((await daemon.status()).jails[0]).toMatchObject({ offences: 3 });
    const [ban] = await daemon.bans();
    expect(await daemon.bans()).toHaveLength(1);
    const left = Date.parse(String(ban?.until)) - Date.now();
    expect(left).toBeGreaterThan(6.9 * 86_400_000);
    expect(left).toBeLessThanOrEqual(7 * 86_400_000);
    const set = network.exec('firewall', 'nft', 'list', 'table', 'inet', 'remand');
    expect(set).toContain(attacker.host);
  });

  it('counts what fail2ban did before remand was there', async () => {
    for (let count = 0; count < 3; count++) banAndLift('sshd', attacker.host);
    await waitFor('the bans', () => logged(`[sshd] Ban ${attacker.host}`) === 3);
    appendFileSync(fail2ban.log, line('sshd', 'Ban', neighbour.host));
    configure(daemon, fail2ban.log);

    await daemon.start();

    await daemon.waitForBan(attacker.host);
    expect((await daemon.bans()).map(({ address }) => address)).toEqual([attacker.host]);
  });
});

needs(
  'root',
  'ip',
  'iptables',
  'ipset',
  'nc',
  'nsenter',
  'shorewall',
  'shorewall6',
  'sysctl',
  'unshare',
  'fail2ban-server',
)('remand beside a real fail2ban with a jail on shorewall', () => {
  let gateway: Gateway;
  let fail2ban: Fail2ban;

  beforeEach(async () => {
    gateway = await Gateway.open({ blacklist: 'Yes' });
    gateway.shorewall?.start();
    fail2ban = new Fail2ban(gateway.daemon.folder, gateway.prefix, {
      jails: ['sshd'],
      bantime: '4s',
      // This shorewall rejects nothing, and so has no chain for it.
      action: 'shorewall[blocktype=drop]',
    });
    await fail2ban.start();
  });

  afterEach(async () => {
    await fail2ban.stop();
    await gateway.close();
  });

  const unbans = () => readFileSync(fail2ban.log, 'utf8').split('] Unban ').length - 1;
  const blacklisted = () => gateway.run('iptables', '-w', '5', '-S', 'dynamic');

  /** A ban by fail2ban, and by nobody else, that it ends itself. */
  async function banBriefly(): Promise<void> {
    const before = unbans();
    fail2ban.client('set', 'sshd', 'banip', attacker.host);
    await waitFor('shorewall to block', () => blacklisted().includes(attacker.host));
    expect(gateway.isOpen()).toBe(false);
    await waitFor('fail2ban to end its ban', () => unbans() > before);
    await waitFor('shorewall to let go', () => !blacklisted().includes(attacker.host));
  }

  it('goes on blocking whom fail2ban has let go for the third time, to the end of its own ban', async () => {
    const { daemon, isOpen, isOpenToNeighbour } = gateway;
    const rc = shorewallExample.replace(/banTime: \S+/, 'banTime: 20s');
    expect(rc).not.toBe(shorewallExample);
    configure(daemon, fail2ban.log, rc);
    await daemon.start();
    expect(isOpen()).toBe(true);

    for (const round of [1, 2]) {
      await banBriefly();
      expect(isOpen(), `ban ${round}`).toBe(true);
    }
    await banBriefly();

    expect(await daemon.holders(attacker.host)).toEqual(['fail2ban']);
    expect(isOpen()).toBe(false);
    expect(isOpenToNeighbour()).toBe(true);
    await daemon.waitForBan(attacker.host, false);
    await waitFor('the attacker to be let in', isOpen);
  });
});
