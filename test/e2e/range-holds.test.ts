import { appendFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Daemon } from './support/daemon.ts';
import { addresses, Network } from './support/network.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { TcpServer } from './support/tcp-server.ts';
import { waitFor } from './support/wait-for.ts';

const { attacker } = addresses;
const ssh = 22;
/** The range around the attacker in which the firewall has no address of its own. */
const range = '198.51.100.8/29';

needs(
  'root',
  'ip',
  'nft',
  'iptables',
  'ipset',
  'nc',
  'sysctl',
)('bans of ranges between real hosts', () => {
  let network: Network;
  let daemon: Daemon;
  let sshd: TcpServer;

  beforeEach(async () => {
    network = new Network();
    sshd = await TcpServer.start(network.argv('firewall'), ssh);
    daemon = new Daemon(network.argv('firewall'));
  });

  afterEach(async () => {
    await daemon.remove();
    await sshd.stop();
    network.remove();
  });

  async function ban(...hosts: readonly number[]): Promise<void> {
    for (const host of hosts) {
      const address = `198.51.100.${host}`;
      for (let count = 0; count < 3; count++) appendFileSync(daemon.log, failedPassword(address));
      await daemon.waitForBan(address);
    }
  }

  const reaches = () => network.reaches('attacker', attacker.gateway, ssh);

  it.each([
    ['nftables', 'actions: [nftables]', ''],
    ['iptables-allports', 'actions: [iptables-allports]', ''],
    ['a list of its own', 'actions: [nftables]', ', actions: [{ nftables: { name: networks } }]'],
  ])('block addresses that never did anything, over kill -9, on %s', async (...given) => {
    const [, actions, own] = given;
    daemon.configure(
      `  sshd: { filter: sshd, sources: [LOG], ${actions}, maxRetry: 3, banTime: 1h }`,
      `network: { after: 3, within: 1d, banTime: 1d, v4: 29${own} }`,
    );
    await daemon.start();
    await ban(11, 12);
    expect(reaches()).toBe(true);
    await daemon.end('SIGKILL');
    await daemon.start();

    await ban(13);
    await daemon.waitForBan(range);

    expect(reaches()).toBe(false);
    await daemon.end('SIGKILL');
    await daemon.start();
    expect(reaches()).toBe(false);
    for (let count = 0; count < 3; count++) {
      appendFileSync(daemon.log, failedPassword(attacker.host));
    }
    await waitFor('the lines to be read', async () => {
      const [jail] = (await daemon.status()).jails;
      return jail?.ignored.seenWhileBanned === 3;
    });
    const { live, holds, events } = await daemon.why(attacker.host);
    expect({ live, holds }).toMatchObject({ live: true, holds: [{ holder: 'network', range }] });
    expect(events.map(({ kind, range: of }) => `${kind} ${of}`)).toEqual([
      `escalate ${range}`,
      `ban ${range}`,
    ]);
    const inside = await daemon.cli('unban', attacker.host);
    expect([inside.code, inside.stderr]).toEqual([1, expect.stringContaining(range)]);

    expect((await daemon.cli('unban', range, '--jail', 'network')).code).toBe(0);

    await waitFor('the attacker to be let in', reaches);
    expect((await daemon.bans()).map(({ address }) => address).sort()).toEqual(
      [11, 12, 13].map((host) => `198.51.100.${host}`),
    );
  });

  it('are refused where the firewall itself would be locked in', async () => {
    daemon.configure(
      '  sshd: { filter: sshd, sources: [LOG], actions: [nftables], maxRetry: 3, banTime: 1h }',
      'network: { after: 3 }',
    );
    const { stdout } = await daemon.cli('check', '--json');
    expect(JSON.parse(stdout).warnings).toContainEqual(
      expect.stringContaining('198.51.100.0/24 holds 198.51.100.1'),
    );
    await daemon.start();

    await ban(11, 12, 13, 14);

    const { network: shown } = await daemon.status();
    expect(shown).toMatchObject({ banned: 0, refused: 1 });
    const { events } = await daemon.why('198.51.100.0/24');
    expect(events).toMatchObject([{ kind: 'escalate', refused: true }]);
    expect(reaches()).toBe(true);
  });
});
