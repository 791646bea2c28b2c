import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import type { Shorewall } from '../support/shorewall.ts';
import type { Daemon } from './support/daemon.ts';
import { Gateway, repairMs, ssh } from './support/gateway.ts';
import { addresses, type Network } from './support/network.ts';
import { sshdJails } from './support/sshd-jails.ts';
import { TcpClient } from './support/tcp-server.ts';
import { waitFor } from './support/wait-for.ts';

const { attacker, attacker6, neighbour } = addresses;

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
      let gateway: Gateway;
      let network: Network;
      let shorewall: Shorewall;
      let daemon: Daemon;

      beforeEach(async () => {
        gateway = await Gateway.open({ blacklist });
        ({ network, daemon } = gateway);
        if (!gateway.shorewall) throw new Error('wanted a shorewall');
        shorewall = gateway.shorewall;
      });

      afterEach(() => gateway.close());

      const configure = (banTime: string) =>
        daemon.configure(sshdJails({ sshd: banTime }, ['shorewall']));

      /** What an administrator writes for an address, in the way of this blacklist. */
      function block(host: string): void {
        if (blacklist === 'Yes') shorewall.run('shorewall', 'drop', host);
        else shorewall.run('shorewall', 'blacklist', host, 'timeout', '0');
      }

      it('blocks a v6 attacker', async () => {
        shorewall.start();
        configure('1h');
        await daemon.start();
        expect(network.reaches('attacker', attacker6.gateway, ssh)).toBe(true);

        await daemon.attackUntilBanned(attacker6.host);

        expect(network.reaches('attacker', attacker6.gateway, ssh)).toBe(false);
      });

      it.each([
        ['lets an established connection go on', undefined, true],
        ['cuts it with BLACKLIST=ALL', 'ALL', false],
      ])('%s', async (_what, BLACKLIST, goesOn) => {
        if (BLACKLIST) shorewall.configure({ settings: { BLACKLIST } });
        shorewall.start();
        configure('1h');
        await daemon.start();
        const client = TcpClient.connect(network.argv('attacker'), attacker.gateway, ssh);
        gateway.atClose(() => client.stop());
        client.send('before');
        await waitFor('the echo', () => client.has('before'));

        await daemon.attackUntilBanned(attacker.host);
        client.send('after');

        if (goesOn) await waitFor('the second echo', () => client.has('after'));
        else await sleep(1_000);
        expect(client.has('after')).toBe(goesOn);
        expect(gateway.isOpen()).toBe(false);
      });

      it('keeps bans over a restart of shorewall, and repairs what somebody took out', async () => {
        shorewall.start();
        configure('1h');
        await daemon.start();
        await daemon.attackUntilBanned(attacker.host);

        for (const verb of ['restart', 'reload', 'stop', 'start', 'clear', 'start']) {
          shorewall.run('shorewall', verb);
        }
        expect(gateway.isOpen()).toBe(false);

        if (blacklist === 'Yes') shorewall.run('iptables', '-F', 'dynamic');
        else shorewall.run('ipset', 'flush', 'SW_DBL4');
        expect(gateway.isOpen()).toBe(true);
        await waitFor('the ban to be back', () => !gateway.isOpen(), repairMs);

        shorewall.run('shorewall', 'allow', attacker.host);
        await waitFor('the ban to be back again', () => !gateway.isOpen(), repairMs);
      });

      it('never removes what the administrator entered', async () => {
        shorewall.start();
        block(neighbour.host);
        configure('5s');
        await daemon.start();
        expect((await daemon.status()).lists[0]).toMatchObject({ foreign: 1 });

        daemon.attack(attacker.host);
        daemon.attack(neighbour.host);
        await daemon.waitForBan(attacker.host);
        await daemon.waitForBan(neighbour.host);
        await daemon.waitForBan(neighbour.host, false);
        await waitFor('the attacker to be let in', gateway.isOpen);
        expect(gateway.isOpenToNeighbour()).toBe(false);

        daemon.attack(attacker.host);
        daemon.attack(neighbour.host);
        await daemon.waitForBan(attacker.host);
        expect((await daemon.cli('stop', '--flush')).code).toBe(0);
        expect(gateway.isOpen()).toBe(true);
        expect(gateway.isOpenToNeighbour()).toBe(false);
      });

      it('is degraded while shorewall is not running, says what to do, and recovers', async () => {
        configure('1h');
        await daemon.start();
        daemon.attack(attacker.host);
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
        expect(gateway.isOpen()).toBe(true);

        shorewall.start();
        await daemon.waitForBan(attacker.host);
        expect(gateway.isOpen()).toBe(false);

        shorewall.run('shorewall', 'clear');
        await waitFor('the list to be degraded again', isDegraded);
        shorewall.run('shorewall', 'start');
        await daemon.waitForBan(attacker.host);
        expect(gateway.isOpen()).toBe(false);
      });
    });
  }
});
