import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Shorewall } from '../support/shorewall.ts';
import { Daemon } from './support/daemon.ts';
import { addresses, Network } from './support/network.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { TcpClient, TcpServer } from './support/tcp-server.ts';
import { waitFor } from './support/wait-for.ts';

const { attacker, attacker6, neighbour } = addresses;
const ssh = 22;
/** Nothing tells of a change: the daemon looks every five seconds. */
const repairMs = 9_000;

const blacklists = ['Yes', 'ipset-only'] as const;

needs(
  'root',
  'ip',
  'ipset',
  'iptables',
  'nc',
  'nsenter',
  'shorewall',
  'shorewall6',
  'sysctl',
  'unshare',
)('remand with shorewall between real hosts', () => {
  for (const blacklist of blacklists) {
    describe(`with DYNAMIC_BLACKLIST=${blacklist}`, () => {
      let network: Network;
      let shorewall: Shorewall;
      let daemon: Daemon;
      let sshd: TcpServer;
      const ends: (() => Promise<void>)[] = [];

      beforeEach(async () => {
        network = new Network();
        sshd = await TcpServer.start(network.argv('firewall'), ssh);
        shorewall = await Shorewall.in({
          namespace: network.name('firewall'),
          interfaces: ['to-attacker', 'to-neighbour', 'to-server'],
          blacklist,
        });
        daemon = new Daemon(shorewall.prefix);
      });

      afterEach(async () => {
        for (const end of ends.splice(0)) await end();
        await daemon.remove();
        await shorewall.remove();
        await sshd.stop();
        network.remove();
      });

      const jail = (name: string, banTime: string) =>
        `  ${name}: { filter: sshd, sources: [LOG], actions: [shorewall], maxRetry: 1, banTime: ${banTime} }`;

      function attack(host: string): void {
        appendFileSync(daemon.log, failedPassword(host));
      }

      /** What an administrator writes for an address, in the way of this blacklist. */
      function block(host: string): void {
        if (blacklist === 'Yes') shorewall.run('shorewall', 'drop', host);
        else shorewall.run('shorewall', 'blacklist', host, 'timeout', '0');
      }

      const isOpen = () => network.reaches('attacker', attacker.gateway, ssh);
      const isOpenToNeighbour = () => network.reaches('neighbour', neighbour.gateway, ssh);

      async function holders(host: string): Promise<readonly string[]> {
        const report = (await daemon.bans()).find(({ address }) => address === host);
        return (report?.holds ?? []).map(({ holder }) => holder).sort();
      }

      it('keeps an address blocked until the last of two jails lets it go', async () => {
        shorewall.start();
        daemon.configure([jail('brief', '5s'), jail('lasting', '14s')].join('\n'));
        await daemon.start();
        expect(isOpen()).toBe(true);

        attack(attacker.host);
        await daemon.waitForBan(attacker.host);
        expect(await holders(attacker.host)).toEqual(['brief', 'lasting']);
        expect(isOpen()).toBe(false);
        expect(isOpenToNeighbour()).toBe(true);

        await waitFor(
          'the brief ban to end',
          async () => (await holders(attacker.host)).length === 1,
        );
        for (let times = 0; times < 3; times++) expect(isOpen()).toBe(false);
        expect(await holders(attacker.host)).toEqual(['lasting']);

        await daemon.waitForBan(attacker.host, false);
        await waitFor('the attacker to be let in', isOpen);
      });

      it('does so over a kill -9 that outlasts the brief ban', async () => {
        shorewall.start();
        daemon.configure([jail('brief', '3s'), jail('lasting', '20s')].join('\n'));
        await daemon.start();
        attack(attacker.host);
        await daemon.waitForBan(attacker.host);
        const { events } = await daemon.why(attacker.host);
        const bannedAt = Math.min(...events.map(({ at }) => Date.parse(String(at))));

        await daemon.end('SIGKILL');
        await waitFor('the brief ban to be over', () => Date.now() > bannedAt + 4_000);
        expect(isOpen()).toBe(false);
        await daemon.start();

        await daemon.waitForBan(attacker.host);
        expect(await holders(attacker.host)).toEqual(['lasting']);
        expect(isOpen()).toBe(false);
        await waitFor('the attacker to be let in', isOpen, 25_000);
        await daemon.waitForBan(attacker.host, false);
      });

      it('blocks a v6 attacker', async () => {
        shorewall.start();
        daemon.configure(jail('sshd', '1h'));
        await daemon.start();
        expect(network.reaches('attacker', attacker6.gateway, ssh)).toBe(true);

        attack(attacker6.host);
        await daemon.waitForBan(attacker6.host);

        expect(network.reaches('attacker', attacker6.gateway, ssh)).toBe(false);
      });

      it.each([
        ['lets an established connection go on', undefined, true],
        ['cuts it with BLACKLIST=ALL', 'ALL', false],
      ])('%s', async (_what, BLACKLIST, goesOn) => {
        if (BLACKLIST) shorewall.configure({ settings: { BLACKLIST } });
        shorewall.start();
        daemon.configure(jail('sshd', '1h'));
        await daemon.start();
        const client = TcpClient.connect(network.argv('attacker'), attacker.gateway, ssh);
        ends.push(() => client.stop());
        client.send('before');
        await waitFor('the echo', () => client.has('before'));

        attack(attacker.host);
        await daemon.waitForBan(attacker.host);
        client.send('after');

        if (goesOn) await waitFor('the second echo', () => client.has('after'));
        else await sleep(1_000);
        expect(client.has('after')).toBe(goesOn);
        expect(isOpen()).toBe(false);
      });

      it('keeps bans over a restart of shorewall, and repairs what somebody took out', async () => {
        shorewall.start();
        daemon.configure(jail('sshd', '1h'));
        await daemon.start();
        attack(attacker.host);
        await daemon.waitForBan(attacker.host);

        for (const verb of ['restart', 'reload', 'stop', 'start', 'clear', 'start']) {
          shorewall.run('shorewall', verb);
        }
        expect(isOpen()).toBe(false);

        if (blacklist === 'Yes') shorewall.run('iptables', '-F', 'dynamic');
        else shorewall.run('ipset', 'flush', 'SW_DBL4');
        expect(isOpen()).toBe(true);
        await waitFor('the ban to be back', () => !isOpen(), repairMs);

        shorewall.run('shorewall', 'allow', attacker.host);
        await waitFor('the ban to be back again', () => !isOpen(), repairMs);
      });

      it('never removes what the administrator entered', async () => {
        shorewall.start();
        block(neighbour.host);
        daemon.configure(jail('sshd', '5s'));
        await daemon.start();
        expect((await daemon.status()).lists[0]).toMatchObject({ foreign: 1 });

        attack(attacker.host);
        attack(neighbour.host);
        await daemon.waitForBan(attacker.host);
        await daemon.waitForBan(neighbour.host);
        await daemon.waitForBan(neighbour.host, false);
        await waitFor('the attacker to be let in', isOpen);
        expect(isOpenToNeighbour()).toBe(false);

        attack(attacker.host);
        attack(neighbour.host);
        await daemon.waitForBan(attacker.host);
        expect((await daemon.cli('stop', '--flush')).code).toBe(0);
        expect(isOpen()).toBe(true);
        expect(isOpenToNeighbour()).toBe(false);
      });

      it('is degraded while shorewall is not running, says what to do, and recovers', async () => {
        daemon.configure(jail('sshd', '1h'));
        await daemon.start();
        attack(attacker.host);
        await waitFor('the ban', async () => (await daemon.bans()).length === 1);
        const isDegraded = async () => (await daemon.status()).lists[0]?.state === 'degraded';
        await waitFor('the list to be degraded', isDegraded);

        const [list] = (await daemon.status()).lists;
        expect(list).toMatchObject({
          enforced: 0,
          state: 'degraded',
          reason: expect.stringContaining('shorewall has never been started'),
          hint: expect.stringContaining('shorewall start'),
        });
        expect(isOpen()).toBe(true);

        shorewall.start();
        await daemon.waitForBan(attacker.host);
        expect(isOpen()).toBe(false);

        shorewall.run('shorewall', 'clear');
        await waitFor('the list to be degraded again', isDegraded);
        shorewall.run('shorewall', 'start');
        await daemon.waitForBan(attacker.host);
        expect(isOpen()).toBe(false);
      });
    });
  }
});
