import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Daemon } from './support/daemon.ts';
import { addresses, Network } from './support/network.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { TcpClient, TcpServer } from './support/tcp-server.ts';
import { waitFor } from './support/wait-for.ts';

const { attacker, attacker6, neighbour, server } = addresses;
const ssh = 22;

needs(
  'root',
  'ip',
  'nft',
  'nc',
  'sysctl',
)('remand with nftables between real hosts', () => {
  let network: Network;
  let daemon: Daemon;
  let sshd: TcpServer;
  const ends: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    network = new Network();
    sshd = await TcpServer.start(network.argv('firewall'), ssh);
    daemon = new Daemon(network.argv('firewall'));
  });

  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    await daemon.remove();
    await sshd.stop();
    network.remove();
  });

  const jail = (banTime: string) =>
    `  sshd: { filter: sshd, sources: [LOG], actions: [nftables], maxRetry: 3, banTime: ${banTime} }`;

  function attack(host: string, times = 3): void {
    for (let count = 0; count < times; count++) appendFileSync(daemon.log, failedPassword(host));
  }

  it('blocks a banned address, spares its neighbour, and lets it in again at the end', async () => {
    daemon.configure(jail('6s'));
    await daemon.start();
    expect(network.reaches('attacker', attacker.gateway, ssh)).toBe(true);

    attack(attacker.host);
    await daemon.waitForBan(attacker.host);

    expect(network.reaches('attacker', attacker.gateway, ssh)).toBe(false);
    expect(network.reaches('neighbour', neighbour.gateway, ssh)).toBe(true);

    await daemon.waitForBan(attacker.host, false);
    await waitFor('the attacker to be let in', () =>
      network.reaches('attacker', attacker.gateway, ssh),
    );
    const kinds = (await daemon.why(attacker.host)).events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== 'notice-sent')).toEqual([
      'offence',
      'offence',
      'offence',
      'ban',
      'expire',
    ]);
  });

  it('blocks a v6 attacker, by the one address where its /64 holds one of ours', async () => {
    daemon.configure(jail('1h'));
    await daemon.start();
    expect(network.reaches('attacker', attacker6.gateway, ssh)).toBe(true);

    attack(attacker6.host);
    await daemon.waitForBan(attacker6.host);

    // The gateway's own address is in that /64, so the one address is banned instead.
    expect((await daemon.bans()).map(({ address }) => address)).toEqual([attacker6.host]);
    expect(network.reaches('attacker', attacker6.gateway, ssh)).toBe(false);
  });

  it('cuts an established connection', async () => {
    daemon.configure(jail('1h'));
    await daemon.start();
    const client = TcpClient.connect(network.argv('attacker'), attacker.gateway, ssh);
    ends.push(() => client.stop());
    client.send('before');
    await waitFor('the echo', () => client.has('before'));

    attack(attacker.host);
    await daemon.waitForBan(attacker.host);
    client.send('after');
    await sleep(1_000);

    expect(client.has('after')).toBe(false);
  });

  it('blocks what is forwarded to another host behind a DNAT', async () => {
    const web = await TcpServer.start(network.argv('server'), 80);
    ends.push(() => web.stop());
    network.nft(`table ip published {
      chain in { type nat hook prerouting priority dstnat; tcp dport 8080 dnat to ${server.host}:80; }
    }`);
    daemon.configure(jail('1h'));
    await daemon.start();
    expect(network.reaches('attacker', attacker.gateway, 8080)).toBe(true);

    attack(attacker.host);
    await daemon.waitForBan(attacker.host);

    expect(network.reaches('attacker', attacker.gateway, 8080)).toBe(false);
    expect(network.reaches('neighbour', neighbour.gateway, 8080)).toBe(true);
  });

  it('repairs a flushed ruleset within five seconds and says so', async () => {
    daemon.configure(jail('1h'), 'notifiers: [log]');
    await daemon.start();
    attack(attacker.host);
    await daemon.waitForBan(attacker.host);

    network.nft('flush ruleset');
    expect(network.reaches('attacker', attacker.gateway, ssh)).toBe(true);

    await waitFor(
      'the ban to be back',
      () => !network.reaches('attacker', attacker.gateway, ssh),
      7_000,
    );
    await waitFor('the drift to be told', () => /drift/.test(daemon.output));
  });

  it('keeps bans over a stop, and takes them out when it is told to', async () => {
    daemon.configure(jail('1h'));
    await daemon.start();
    attack(attacker.host);
    await daemon.waitForBan(attacker.host);

    expect(await daemon.end()).toBe(0);
    expect(network.reaches('attacker', attacker.gateway, ssh)).toBe(false);

    await daemon.start();
    await daemon.waitForBan(attacker.host);
    expect((await daemon.cli('stop', '--flush')).code).toBe(0);
    expect(network.reaches('attacker', attacker.gateway, ssh)).toBe(true);
    expect(network.exec('firewall', 'nft', 'list', 'ruleset')).toBe('');
  });

  it('keeps bans over kill -9 and repairs what happened meanwhile', async () => {
    daemon.configure(jail('1h'));
    await daemon.start();
    attack(attacker.host);
    await daemon.waitForBan(attacker.host);

    await daemon.end('SIGKILL');
    expect(network.reaches('attacker', attacker.gateway, ssh)).toBe(false);
    network.nft('flush ruleset');

    await daemon.start();
    await daemon.waitForBan(attacker.host);
    expect(network.reaches('attacker', attacker.gateway, ssh)).toBe(false);
  });

  it('lifts by hand, protects what is allowed, and bans by hand', async () => {
    daemon.configure(jail('1h'), 'defaults: { actions: [nftables] }');
    await daemon.start();
    attack(attacker.host);
    await daemon.waitForBan(attacker.host);

    expect((await daemon.cli('unban', attacker.host)).code).toBe(0);
    await waitFor('the attacker to be free', () =>
      network.reaches('attacker', attacker.gateway, ssh),
    );

    expect((await daemon.cli('ban', attacker.host, '--jail', 'sshd', '--for', '1h')).code).toBe(0);
    await daemon.waitForBan(attacker.host);
    expect(network.reaches('attacker', attacker.gateway, ssh)).toBe(false);

    expect((await daemon.cli('allow', attacker.host)).code).toBe(0);
    await waitFor('the allowed to be free', () =>
      network.reaches('attacker', attacker.gateway, ssh),
    );
    attack(attacker.host, 6);
    await sleep(1_000);
    expect(await daemon.bans()).toEqual([]);
    expect((await daemon.cli('ban', attacker.host)).code).toBe(1);
  });

  it('enforces 10 000 live bans again after a restart', async () => {
    daemon.configure(
      '  sshd: { filter: sshd, sources: [LOG], actions: [nftables], maxRetry: 1, banTime: 1h }',
    );
    await daemon.start();
    const many = Array.from({ length: 10_000 }, (_, n) => `198.18.${n >> 8}.${n & 255}`);
    appendFileSync(daemon.log, many.map((host) => failedPassword(host)).join(''));
    await waitFor('10 000 bans', async () => {
      const { bans, lists } = await daemon.status();
      return bans.live === 10_000 && lists[0]?.enforced === 10_000;
    });
    await daemon.end('SIGKILL');
    network.nft('flush ruleset');

    await daemon.start();

    await waitFor('10 000 enforced bans', async () => {
      return (await daemon.status()).lists[0]?.enforced === 10_000;
    });
    const elements = network.exec('firewall', 'nft', 'list', 'table', 'inet', 'remand');
    expect(elements.match(/198\.18\.\d+\.\d+/g)).toHaveLength(10_000);
  });
});
