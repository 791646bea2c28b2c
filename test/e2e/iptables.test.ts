import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Daemon } from './support/daemon.ts';
import { Gateway, repairMs, ssh } from './support/gateway.ts';
import { addresses, Network } from './support/network.ts';
import { sshdJails } from './support/sshd-jails.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { TcpClient, TcpServer } from './support/tcp-server.ts';
import { waitFor } from './support/wait-for.ts';

const { attacker, attacker6, neighbour, server } = addresses;

const ways = (['nft', 'legacy'] as const).flatMap((variant) =>
  (['yes', 'no'] as const).map((ipset) => ({ variant, ipset })),
);

needs(
  'root',
  'ip',
  'iptables',
  'ipset',
  'nc',
  'sysctl',
)('remand with iptables between real hosts', () => {
  for (const { variant, ipset } of ways) {
    const legacy = variant === 'legacy' ? (['legacy iptables'] as const) : [];
    needs(...legacy)(`with ${variant} and ipset: ${ipset}`, () => {
      let gateway: Gateway;
      let network: Network;
      let daemon: Daemon;

      beforeEach(async () => {
        gateway = await Gateway.open();
        ({ network, daemon } = gateway);
      });

      afterEach(() => gateway.close());

      function configure(banTime: string, more = '', given: object = {}): void {
        const use = { 'iptables-allports': { variant, ipset, ...given } };
        daemon.configure(sshdJails({ sshd: banTime }, [use]), more);
      }

      function iptables(...args: readonly string[]): string {
        return network.exec('firewall', `iptables-${variant}`, '-w', '5', ...args);
      }

      it('blocks a banned address, spares its neighbour, and lets it in again at the end', async () => {
        configure('6s');
        await daemon.start();
        expect(gateway.isOpen()).toBe(true);

        await daemon.attackUntilBanned(attacker.host);

        expect(gateway.isOpen()).toBe(false);
        expect(network.reaches('neighbour', neighbour.gateway, ssh)).toBe(true);
        await daemon.waitForBan(attacker.host, false);
        await waitFor('the attacker to be let in', gateway.isOpen);
        const kinds = (await daemon.why(attacker.host)).events.map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind !== 'notice-sent')).toEqual([
          'offence',
          'ban',
          'expire',
        ]);
      });

      it('blocks a v6 attacker, and cuts an established connection', async () => {
        configure('1h');
        await daemon.start();
        const client = TcpClient.connect(network.argv('attacker'), attacker6.gateway, ssh);
        gateway.atClose(() => client.stop());
        client.send('before');
        await waitFor('the echo', () => client.has('before'));

        await daemon.attackUntilBanned(attacker6.host);
        client.send('after');
        await sleep(1_000);

        expect(client.has('after')).toBe(false);
        expect(network.reaches('attacker', attacker6.gateway, ssh)).toBe(false);
      });

      it('blocks what is forwarded to another host behind a DNAT, through DOCKER-USER too', async () => {
        const web = await TcpServer.start(network.argv('server'), 80);
        gateway.atClose(() => web.stop());
        iptables(
          ...['-t', 'nat', '-A', 'PREROUTING', '-p', 'tcp', '--dport', '8080'],
          ...['-j', 'DNAT', '--to-destination', `${server.host}:80`],
        );
        const isPublished = () => network.reaches('attacker', attacker.gateway, 8080);
        configure('1h', '', { ports: [80] });
        await daemon.start();
        expect(isPublished()).toBe(true);

        await daemon.attackUntilBanned(attacker.host);

        expect(isPublished()).toBe(false);
        expect(gateway.isOpen()).toBe(true);
        expect(network.reaches('neighbour', neighbour.gateway, 8080)).toBe(true);

        // What a start of Docker does: its own rules come first and accept.
        iptables('-N', 'DOCKER-USER');
        iptables('-I', 'FORWARD', '-p', 'tcp', '--dport', '80', '-j', 'ACCEPT');
        iptables('-I', 'FORWARD', '-j', 'DOCKER-USER');
        await waitFor('the service to be blocked again', () => !isPublished(), repairMs);
        expect(iptables('-S', 'DOCKER-USER')).toContain('-j remand-sshd');
      });

      it('repairs flushed chains, and a jump that another program put in front of its own', async () => {
        configure('1h', 'notifiers: [log]');
        await daemon.start();
        await daemon.attackUntilBanned(attacker.host);

        iptables('-F');
        iptables('-X');
        expect(gateway.isOpen()).toBe(true);
        await waitFor('the ban to be back', () => !gateway.isOpen(), repairMs);
        await waitFor('the repair to be told', () => /chain-put-right/.test(daemon.output));

        iptables('-N', 'other');
        iptables('-A', 'other', '-p', 'tcp', '--dport', '22', '-j', 'ACCEPT');
        iptables('-I', 'INPUT', '-j', 'other');
        expect(gateway.isOpen()).toBe(true);
        await waitFor('the jump to be first again', () => !gateway.isOpen(), repairMs);
        expect(iptables('-S', 'INPUT')).toMatch(/-j remand-sshd\n-A INPUT -j other\n/);
      });

      it('keeps bans over stop and kill -9, repairs what was lost meanwhile, leaves no trace when told', async () => {
        configure('1h');
        await daemon.start();
        await daemon.attackUntilBanned(attacker.host);

        expect(await daemon.end()).toBe(0);
        expect(gateway.isOpen()).toBe(false);
        await daemon.start();
        await daemon.waitForBan(attacker.host);
        await daemon.end('SIGKILL');
        expect(gateway.isOpen()).toBe(false);
        iptables('-F');
        iptables('-X');
        await daemon.start();
        await daemon.waitForBan(attacker.host);
        expect(gateway.isOpen()).toBe(false);

        expect((await daemon.cli('stop', '--flush')).code).toBe(0);
        expect(gateway.isOpen()).toBe(true);
        expect(iptables('-S')).toBe('-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n');
        expect(network.exec('firewall', 'ipset', 'list', '-n')).toBe('');
      });

      it('is flushed without a daemon', async () => {
        configure('1h');
        await daemon.start();
        await daemon.attackUntilBanned(attacker.host);
        await daemon.end('SIGKILL');

        expect((await daemon.cli('flush')).code).toBe(0);

        expect(gateway.isOpen()).toBe(true);
        expect(iptables('-S')).not.toContain('remand');
      });

      it('enforces 10 000 live bans again after a restart', async () => {
        configure('1h');
        await daemon.start();
        const many = Array.from({ length: 10_000 }, (_, n) => `198.18.${n >> 8}.${n & 255}`);
        appendFileSync(daemon.log, many.map((host) => failedPassword(host)).join(''));
        const isEnforced = async () => (await daemon.status()).lists[0]?.enforced === 10_000;
        await waitFor('10 000 bans', isEnforced);
        await daemon.end('SIGKILL');
        iptables('-F');
        iptables('-X');

        await daemon.start();

        await waitFor('10 000 enforced bans', isEnforced);
        const held =
          ipset === 'yes'
            ? network.exec('firewall', 'ipset', 'save', 'remand-sshd-v4')
            : iptables('-S', 'remand-sshd');
        expect(held.match(/ 198\.18\.\d+\.\d+/g)).toHaveLength(10_000);
      });
    });
  }

  describe('shared by name', () => {
    it('gives holders with an equal name one chain, and says what it found instead of its own', async () => {
      const network = new Network();
      const daemon = new Daemon(network.argv('firewall'));
      try {
        const use = { 'iptables-allports': { name: 'remand' } };
        daemon.configure(sshdJails({ sshd: '1h', again: '1h' }, [use]));
        network.exec('firewall', 'iptables', '-N', 'remand-remand');
        network.exec('firewall', 'iptables', '-A', 'remand-remand', '-j', 'LOG');
        await daemon.start();
        await waitFor('the list to be degraded', async () => {
          const [list] = (await daemon.status()).lists;
          return list?.state === 'degraded' && /without remand's mark/.test(list.reason);
        });

        network.exec('firewall', 'iptables', '-F', 'remand-remand');
        daemon.attack(attacker.host);
        await daemon.waitForBan(attacker.host);

        const { lists } = await daemon.status();
        expect(lists.map(({ list, holders }) => ({ list, holders }))).toEqual([
          { list: 'iptables-allports/remand', holders: ['sshd', 'again'] },
        ]);
      } finally {
        await daemon.remove();
        network.remove();
      }
    });
  });

  describe('iptables-multiport', () => {
    it('blocks its ports and no other, beside a list for all ports', async () => {
      const network = new Network();
      const daemon = new Daemon(network.argv('firewall'));
      const servers = await Promise.all(
        [ssh, 80].map((port) => TcpServer.start(network.argv('firewall'), port)),
      );
      try {
        const ports = [22, '6000-6010'];
        daemon.configure(
          [
            sshdJails({ short: '4s' }, [{ 'iptables-allports': { name: 'remand' } }]),
            sshdJails({ long: '1h' }, [{ 'iptables-multiport': { name: 'remand', ports } }]),
          ].join('\n'),
        );
        const open = () =>
          [ssh, 80].map((port) => network.reaches('attacker', attacker.gateway, port));
        await daemon.start();
        expect(open()).toEqual([true, true]);

        daemon.attack(attacker.host);
        await daemon.waitForBan(attacker.host);

        expect(open()).toEqual([false, false]);
        await waitFor('the port 80 to be open again', () => open()[1] === true);
        expect(open()).toEqual([false, true]);
        expect((await daemon.cli('flush')).code).toBe(0);
        expect(open()).toEqual([true, true]);
      } finally {
        await daemon.remove();
        for (const server of servers) await server.stop();
        network.remove();
      }
    });
  });
});
