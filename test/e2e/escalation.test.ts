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

needs(
  'root',
  'ip',
  'nft',
  'nc',
  'sysctl',
)('escalation between real hosts', () => {
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

  const rung = '  - { name: repeat-offender, after: 3, within: 1w, banTime: 1w';

  async function banOnce(): Promise<void> {
    for (let count = 0; count < 3; count++)
      appendFileSync(daemon.log, failedPassword(attacker.host));
    await daemon.waitForBan(attacker.host);
  }

  const reaches = () => network.reaches('attacker', attacker.gateway, ssh);

  async function holders(): Promise<readonly string[]> {
    const [ban] = await daemon.bans();
    return (ban?.holds ?? []).map(({ holder }) => holder);
  }

  it.each([
    ['the lists of the jail', 'actions: [nftables]', ' }', 'SIGTERM'],
    ['the lists of the jail, over kill -9', 'actions: [nftables]', ' }', 'SIGKILL'],
    [
      'one list that both share, over kill -9',
      'actions: [{ nftables: { name: shared } }]',
      ', actions: [{ nftables: { name: shared } }] }',
      'SIGKILL',
    ],
  ] as const)('goes on blocking when the ban of the jail has ended, on %s', async (...given) => {
    const [, actions, rungEnd, signal] = given;
    daemon.configure(
      `  sshd: { filter: sshd, sources: [LOG], ${actions}, maxRetry: 3, banTime: 4s }`,
      `escalation:\n${rung}${rungEnd}`,
    );
    await daemon.start();

    for (const round of [1, 2]) {
      await banOnce();
      expect(reaches(), `ban ${round}`).toBe(false);
      await daemon.waitForBan(attacker.host, false);
      await waitFor('the attacker to be let in', reaches);
      await daemon.end(signal);
      await daemon.start();
    }
    await banOnce();
    expect(await holders()).toEqual(['sshd', 'repeat-offender']);
    await daemon.end(signal);
    await daemon.start();
    await waitFor('the ban of the jail to end', async () => (await holders()).length === 1);

    expect(await holders()).toEqual(['repeat-offender']);
    expect(reaches()).toBe(false);
    const [ban] = await daemon.bans();
    expect(ban?.enforced).toBe(true);
    expect(Date.parse(ban?.until ?? '') - Date.now()).toBeGreaterThan(6 * 86_400_000);
    const { events, holds } = await daemon.why(attacker.host);
    expect(events.filter(({ kind }) => kind === 'escalate')).toMatchObject([
      { holder: 'repeat-offender', counted: 3, reason: '3 bans within 1w' },
    ]);
    expect(holds).toMatchObject([{ holder: 'repeat-offender', lists: [{ enforced: true }] }]);

    const lifted = await daemon.cli('unban', attacker.host, '--jail', 'repeat-offender');
    expect(lifted.code).toBe(0);
    await waitFor('the attacker to be let in', reaches);
  });
});
