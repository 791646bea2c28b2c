import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import type { Daemon } from './support/daemon.ts';
import { Gateway, repairMs, ssh } from './support/gateway.ts';
import { addresses, type Network } from './support/network.ts';
import { sshdJails } from './support/sshd-jails.ts';
import { TcpClient, TcpServer } from './support/tcp-server.ts';
import { UdpServer } from './support/udp-server.ts';
import { waitFor } from './support/wait-for.ts';

const { attacker, attacker6, server } = addresses;

needs(
  'root',
  'ip',
  'nc',
  'sysctl',
)('remand with routes between real hosts', () => {
  let gateway: Gateway;
  let network: Network;
  let daemon: Daemon;

  beforeEach(async () => {
    gateway = await Gateway.open();
    ({ network, daemon } = gateway);
  });

  afterEach(() => gateway.close());

  const configure = (banTimes: Readonly<Record<string, string>>, options: object = {}) =>
    daemon.configure(sshdJails(banTimes, [{ route: options }]));

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

  it('blocks a v6 /64, what is forwarded, and an established connection', async () => {
    const web = await TcpServer.start(network.argv('server'), 80);
    gateway.atClose(() => web.stop());
    const client = TcpClient.connect(network.argv('attacker'), attacker.gateway, ssh);
    gateway.atClose(() => client.stop());
    client.send('before');
    await waitFor('the echo', () => client.has('before'));
    network.exec('attacker', 'ip', 'addr', 'add', '2001:db8:b::10/64', 'dev', 'eth0', 'nodad');
    ip('route add 2001:db8:b::/64 dev to-attacker');
    configure({ sshd: '1h' });
    await daemon.start();
    expect(network.reaches('attacker', server.host, 80)).toBe(true);
    expect(network.reaches('attacker', attacker6.gateway, ssh)).toBe(true);

    await daemon.attackUntilBanned(attacker.host);
    daemon.attack(attacker6.host);
    // The firewall has an address in that /64 itself.
    await daemon.waitForBan(attacker6.host);
    expect(isOpenFrom('2001:db8:b::10')).toBe(true);
    daemon.attack('2001:db8:b::99');
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
    gateway.atClose(() => dns.stop());
    const send = (text: string) => {
      const script = `require('node:dgram').createSocket('udp4').send('${text}', 53, '${attacker.gateway}', () => process.exit())`;
      network.exec('attacker', process.execPath, '-e', script);
    };
    configure({ sshd: '1h' });
    await daemon.start();
    send('before');
    await waitFor('the packet', () => dns.has('before'));
    await daemon.attackUntilBanned(attacker.host);

    send('after');
    if (arrives) await waitFor('the packet', () => dns.has('after'));
    else await sleep(1_000);

    expect(dns.has('after')).toBe(arrives);
    expect(gateway.isOpen()).toBe(false);
  });

  it('repairs what others removed, keeps bans over a stop, leaves no trace when told', async () => {
    const before = everything();
    configure({ sshd: '1h' });
    await daemon.start();
    await daemon.attackUntilBanned(attacker.host);

    ip('route flush table 7263');
    expect(gateway.isOpen()).toBe(true);
    await waitFor('the route to be back', () => !gateway.isOpen(), repairMs);
    ip('-4 rule del pref 72');
    expect(gateway.isOpen()).toBe(true);
    await waitFor('the rule to be back', () => !gateway.isOpen(), repairMs);

    expect(await daemon.end()).toBe(0);
    expect(gateway.isOpen()).toBe(false);
    await daemon.start();
    await daemon.waitForBan(attacker.host);
    expect((await daemon.cli('stop', '--flush')).code).toBe(0);
    expect(gateway.isOpen()).toBe(true);
    expect(everything()).toEqual(before);
  });

  it('changes the type of its routes on a reload, and never lets go', async () => {
    configure({ sshd: '1h' });
    await daemon.start();
    await daemon.attackUntilBanned(attacker.host);
    expect(ip('route show table 7263')).toMatch(/^blackhole 198\.51\.100\.10 /);

    configure({ sshd: '1h' }, { type: 'unreachable' });
    expect((await daemon.cli('reload')).code).toBe(0);

    await waitFor('the other type', () =>
      /^unreachable 198\.51\.100\.10 \S.*\n$/.test(ip('route show table 7263')),
    );
    expect(gateway.isOpen()).toBe(false);
  });

  it('is flushed without a daemon', async () => {
    const before = everything();
    configure({ sshd: '1h' });
    await daemon.start();
    await daemon.attackUntilBanned(attacker.host);
    await daemon.end('SIGKILL');

    expect((await daemon.cli('flush')).code).toBe(0);

    expect(everything()).toEqual(before);
  });
});
