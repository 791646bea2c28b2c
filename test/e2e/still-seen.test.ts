import { appendFileSync } from 'node:fs';
import type { StatusReport } from '@remand/api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Daemon } from './support/daemon.ts';
import { addresses, Network } from './support/network.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { TcpClient, TcpServer } from './support/tcp-server.ts';
import { waitFor } from './support/wait-for.ts';

const { attacker, server } = addresses;

needs(
  'root',
  'ip',
  'nft',
  'nc',
  'sysctl',
)('an address that is banned and still seen', () => {
  let network: Network;
  let daemon: Daemon;
  let last: TcpClient | undefined;
  const ends: (() => Promise<void>)[] = [];

  beforeEach(() => {
    network = new Network();
    daemon = new Daemon(network.argv('firewall'));
  });

  afterEach(async () => {
    await last?.stop();
    last = undefined;
    for (const end of ends.splice(0).reverse()) await end();
    await daemon.remove();
    network.remove();
  });

  async function serve(place: 'firewall' | 'server', port: number): Promise<void> {
    const service = await TcpServer.start(network.argv(place), port);
    ends.push(() => service.stop());
  }

  /** As an attacker does: it stays until it tries again. Only who is let in causes a line. */
  async function attempt(port: number): Promise<void> {
    await last?.stop();
    last = TcpClient.connect(network.argv('attacker'), attacker.gateway, port);
    const client = last;
    client.send('root');
    await waitFor('the service to answer', () => client.has('root'), 5_000);
    appendFileSync(daemon.log, failedPassword(attacker.host));
  }

  async function attackUntil(
    port: number,
    what: string,
    check: (status: StatusReport) => boolean,
  ): Promise<void> {
    await waitFor(what, async () => {
      await attempt(port);
      return check(await daemon.status());
    });
  }

  const stillSeen = async () =>
    (await daemon.why(attacker.host)).events.filter(({ kind }) => kind === 'still-seen');
  const notices = () => daemon.output.match(/and still seen: .*/g) ?? [];

  it.each([
    [
      'a wrong port',
      '{ nftables: { ports: [2222] } }',
      { local: true, port: 22 },
      'wrong-port',
      /wrong port: it is connected to tcp port 22, and nftables\/sshd blocks only tcp 2222/,
    ],
    [
      'the hook for what is forwarded before a service of this machine',
      '{ nftables: { hook: forward } }',
      { local: true, port: 22 },
      'wrong-hook',
      /wrong hook: it is connected to port 22 of this machine, .*hook forward/,
    ],
    [
      'the hook for this machine before a service behind a DNAT',
      '{ nftables: { hook: input } }',
      { local: false, port: 8022 },
      'wrong-hook',
      /wrong hook: .*hook input.*the service is in a container or on another host/,
    ],
  ])(
    'is told of once, with the likely reason: %s',
    async (_what, action, service, cause, reason) => {
      await serve(service.local ? 'firewall' : 'server', 22);
      if (!service.local) {
        network.nft(`table ip published {
        chain in { type nat hook prerouting priority dstnat; tcp dport 8022 dnat to ${server.host}:22; }
      }`);
      }
      daemon.configure(
        `  sshd: { filter: sshd, sources: [LOG], actions: [${action}], maxRetry: 3, banTime: 1h }
  watch: { filter: sshd, sources: [LOG], actions: [observe], maxRetry: 3, banTime: 1h }`,
        'notifiers: [log]',
      );
      await daemon.start();

      await attackUntil(service.port, 'the ban', ({ lists }) =>
        lists.every(({ enforced }) => enforced === 1),
      );
      await attackUntil(service.port, 'the notice', ({ stillSeen: seen }) => seen.addresses > 0);
      const first = (await daemon.status()).stillSeen.latest[0]?.times ?? 0;
      await attackUntil(
        service.port,
        'more of it',
        ({ stillSeen: seen }) => (seen.latest[0]?.times ?? 0) >= first + 3,
      );

      expect((await daemon.status()).stillSeen).toMatchObject({
        addresses: 1,
        latest: [{ address: attacker.host, holder: 'sshd', lists: ['nftables/sshd'], cause }],
      });
      const { code, stdout } = await daemon.cli('status');
      expect(code).toBe(0);
      expect(stdout).toContain(`! ${attacker.host}: is banned by sshd and still seen: probably`);
      expect(stdout).toMatch(reason);
      await waitFor('the notice to be delivered', () => notices().length > 0);
      expect(notices()).toEqual([expect.stringMatching(reason)]);
      expect(await stillSeen()).toMatchObject([
        { holder: 'sshd', reason: expect.stringMatching(reason) },
      ]);
    },
  );

  it('is put down to a connection that was open before, where that is all there is', async () => {
    await serve('firewall', 22);
    daemon.configure(
      '  sshd: { filter: sshd, sources: [LOG], actions: [nftables], maxRetry: 3, banTime: 1h }',
    );
    await daemon.start();
    for (let count = 0; count < 3; count++) await attempt(22);
    await daemon.waitForBan(attacker.host);

    // The service still has the connection, and writes when it gives it up.
    await waitFor('the notice', async () => {
      appendFileSync(daemon.log, failedPassword(attacker.host));
      return (await daemon.status()).stillSeen.addresses > 0;
    });

    expect((await daemon.status()).stillSeen.latest).toMatchObject([
      { cause: 'established', reason: expect.stringContaining('port 22 is still open') },
    ]);
    expect(network.reaches('attacker', attacker.gateway, 22)).toBe(false);
  });

  it('is nobody where the list is right', async () => {
    await serve('firewall', 22);
    daemon.configure(
      '  sshd: { filter: sshd, sources: [LOG], actions: [nftables], maxRetry: 3, banTime: 1h }',
    );
    await daemon.start();
    for (let count = 0; count < 3; count++) await attempt(22);
    await daemon.waitForBan(attacker.host);

    await expect(attempt(22)).rejects.toThrow('the service to answer');
    expect((await daemon.status()).stillSeen.addresses).toBe(0);
  });
});
