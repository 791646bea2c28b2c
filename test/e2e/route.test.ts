import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Daemon } from './support/daemon.ts';
import { addresses, Network } from './support/network.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { TcpClient, TcpServer } from './support/tcp-server.ts';
import { UdpServer } from './support/udp-server.ts';
import { waitFor } from './support/wait-for.ts';

const { attacker, attacker6, neighbour, server } = addresses;
const ssh = 22;
/** The daemon looks at the table every five seconds. */
const repairMs = 9_000;

needs(
  'root',
  'ip',
  'nc',
  'sysctl',
)('remand with routes between real hosts', () => {
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

  function configure(jails: Readonly<Record<string, string>>, options: object = {}): void {
    const actions = JSON.stringify([{ route: options }]);
    const given = Object.entries(jails).map(
      ([name, banTime]) =>
        `  ${name}: { filter: sshd, sources: [LOG], actions: ${actions}, maxRetry: 1, banTime: ${banTime} }`,
    );
    daemon.configure(given.join('\n'));
  }

  async function attack(host: string): Promise<void> {
    appendFileSync(daemon.log, failedPassword(host));
    await daemon.waitForBan(host);
  }

  async function holders(host: string): Promise<readonly string[] | undefined> {
    const ban = (await daemon.bans()).find(({ address }) => address === host);
    return ban?.holds.map(({ holder }) => holder);
  }

  const isOpen = () => network.reaches('attacker', attacker.gateway, ssh);
  const isOpenFrom = (source: string) => {
    try {
      const argv = ['nc', '-z', '-w', '1', '-s', source, attacker6.gateway, String(ssh)];
      network.exec('attacker', ...argv);
      return true;
    } catch {
      return false;
    }
  };
  const ip = (line: string) => network.exec('firewall', 'ip', ...line.split(' '));
  const everything = () =>
    ['-4', '-6']
      .flatMap((family) => [ip(`${family} rule show`), ip(`${family} route show table all`)])
      .flatMap((shown) => shown.split('\n'))
      // Link-local addresses turn up when the kernel is done with them.
      .filter((line) => !line.includes('fe80::'));

  it('blocks until the last of two jails that share the table lets go', async () => {
    configure({ short: '3s', long: '10s' });
    await daemon.start();
    expect(isOpen()).toBe(true);
    await attack(attacker.host);
    expect((await holders(attacker.host))?.toSorted()).toEqual(['long', 'short']);
    expect(isOpen()).toBe(false);
    expect(network.reaches('neighbour', neighbour.gateway, ssh)).toBe(true);

    await waitFor('the short ban to end', async () => (await holders(attacker.host))?.length === 1);
    expect(await holders(attacker.host)).toEqual(['long']);
    expect((await daemon.status()).lists).toMatchObject([
      { list: 'route/7263', holders: ['short', 'long'], enforced: 1 },
    ]);
    expect(isOpen()).toBe(false);

    await daemon.waitForBan(attacker.host, false);
    await waitFor('the attacker to be let in', isOpen);
  });

  it('does so across kill -9, while the short ban ends without a daemon', async () => {
    configure({ short: '3s', long: '14s' });
    await daemon.start();
    await attack(attacker.host);
    const [ban] = await daemon.bans();
    const shortEnd = Date.parse(ban?.holds.find(({ holder }) => holder === 'short')?.until ?? '');

    await daemon.end('SIGKILL');
    await waitFor('the short ban to be over', () => Date.now() > shortEnd + 500);
    expect(isOpen()).toBe(false);
    await daemon.start();

    await daemon.waitForBan(attacker.host);
    expect(await holders(attacker.host)).toEqual(['long']);
    expect(isOpen()).toBe(false);
    await daemon.waitForBan(attacker.host, false);
    await waitFor('the attacker to be let in', isOpen);
  });

  it('blocks a v6 /64, what is forwarded, and an established connection', async () => {
    const web = await TcpServer.start(network.argv('server'), 80);
    ends.push(() => web.stop());
    const client = TcpClient.connect(network.argv('attacker'), attacker.gateway, ssh);
    ends.push(() => client.stop());
    client.send('before');
    await waitFor('the echo', () => client.has('before'));
    network.exec('attacker', 'ip', 'addr', 'add', '2001:db8:b::10/64', 'dev', 'eth0', 'nodad');
    ip('route add 2001:db8:b::/64 dev to-attacker');
    configure({ sshd: '1h' });
    await daemon.start();
    expect(network.reaches('attacker', server.host, 80)).toBe(true);
    expect(network.reaches('attacker', attacker6.gateway, ssh)).toBe(true);

    await attack(attacker.host);
    appendFileSync(daemon.log, failedPassword(attacker6.host));
    // The firewall has an address in that /64 itself.
    await daemon.waitForBan(attacker6.host);
    expect(isOpenFrom('2001:db8:b::10')).toBe(true);
    appendFileSync(daemon.log, failedPassword('2001:db8:b::99'));
    await daemon.waitForBan('2001:db8:b::/64');
    client.send('after');
    await sleep(1_000);

    expect(client.has('after')).toBe(false);
    expect(network.reaches('attacker', server.host, 80)).toBe(false);
    expect(network.reaches('attacker', attacker6.gateway, ssh)).toBe(false);
    expect(isOpenFrom('2001:db8:b::10')).toBe(false);
    expect(network.reaches('neighbour', server.host, 80)).toBe(true);
  });

  it.each([
    { reversePath: 0, arrives: true },
    { reversePath: 1, arrives: false },
    { reversePath: 2, arrives: false },
  ])('stops replies and not what arrives, unless rp_filter does: %j', async (given) => {
    const { reversePath, arrives } = given;
    for (const where of ['all', 'to-attacker']) {
      const setting = `net.ipv4.conf.${where}.rp_filter=${reversePath}`;
      network.exec('firewall', 'sysctl', '-qw', setting);
    }
    const dns = await UdpServer.start(network.argv('firewall'), 53);
    ends.push(() => dns.stop());
    const send = (text: string) => {
      const script = `require('node:dgram').createSocket('udp4').send('${text}', 53, '${attacker.gateway}', () => process.exit())`;
      network.exec('attacker', process.execPath, '-e', script);
    };
    configure({ sshd: '1h' });
    await daemon.start();
    send('before');
    await waitFor('the packet', () => dns.has('before'));
    await attack(attacker.host);

    send('after');
    if (arrives) await waitFor('the packet', () => dns.has('after'));
    else await sleep(1_000);

    expect(dns.has('after')).toBe(arrives);
    expect(isOpen()).toBe(false);
  });

  it('repairs what others removed, keeps bans over a stop, leaves no trace when told', async () => {
    const before = everything();
    configure({ sshd: '1h' });
    await daemon.start();
    await attack(attacker.host);

    ip('route flush table 7263');
    expect(isOpen()).toBe(true);
    await waitFor('the route to be back', () => !isOpen(), repairMs);
    ip('-4 rule del pref 72');
    expect(isOpen()).toBe(true);
    await waitFor('the rule to be back', () => !isOpen(), repairMs);

    expect(await daemon.end()).toBe(0);
    expect(isOpen()).toBe(false);
    await daemon.start();
    await daemon.waitForBan(attacker.host);
    expect((await daemon.cli('stop', '--flush')).code).toBe(0);
    expect(isOpen()).toBe(true);
    expect(everything()).toEqual(before);
  });

  it('changes the type of its routes on a reload, and never lets go', async () => {
    configure({ sshd: '1h' });
    await daemon.start();
    await attack(attacker.host);
    expect(ip('route show table 7263')).toMatch(/^blackhole 198\.51\.100\.10 /);

    configure({ sshd: '1h' }, { type: 'unreachable' });
    expect((await daemon.cli('reload')).code).toBe(0);

    await waitFor('the other type', () =>
      /^unreachable 198\.51\.100\.10 \S.*\n$/.test(ip('route show table 7263')),
    );
    expect(isOpen()).toBe(false);
  });

  it('is flushed without a daemon', async () => {
    const before = everything();
    configure({ sshd: '1h' });
    await daemon.start();
    await attack(attacker.host);
    await daemon.end('SIGKILL');

    expect((await daemon.cli('flush')).code).toBe(0);

    expect(everything()).toEqual(before);
  });
});
