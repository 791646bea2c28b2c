import { appendFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Daemon } from './support/daemon.ts';
import { addresses, Network } from './support/network.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { TcpServer } from './support/tcp-server.ts';
import { waitFor } from './support/wait-for.ts';

const { attacker, attacker6, neighbour } = addresses;
const ssh = 22;

needs(
  'root',
  'ip',
  'iptables',
  'ipset',
  'nc',
  'sysctl',
)("remand with an administrator's sets between real hosts", () => {
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

  const ipset = (...args: readonly string[]) => network.exec('firewall', 'ipset', ...args);
  const isOpen = () => network.reaches('attacker', attacker.gateway, ssh);
  const isOpenToNeighbour = () => network.reaches('neighbour', neighbour.gateway, ssh);

  /** The sets, the rules that use them, and the neighbour as the administrator's own entry. */
  function prepare(...words: readonly string[]): void {
    for (const [set, program, family] of [
      ['blocked', 'iptables', 'inet'],
      ['blocked6', 'ip6tables', 'inet6'],
    ] as const) {
      ipset('create', set, 'hash:net', 'family', family, ...words);
      network.exec(
        'firewall',
        ...[
          program,
          '-w',
          '5',
          '-I',
          'INPUT',
          '-m',
          'set',
          '--match-set',
          set,
          'src',
          '-j',
          'DROP',
        ],
      );
    }
    ipset('add', 'blocked', neighbour.host);
  }

  function configure(short: string, long: string): void {
    const jail = (name: string, banTime: string) =>
      `  ${name}: { filter: sshd, sources: [LOG], maxRetry: 1, banTime: ${banTime}, actions: [{ ipset: { set: blocked, set6: blocked6 } }] }`;
    daemon.configure([jail('short', short), jail('long', long)].join('\n'));
  }

  async function attack(host: string): Promise<void> {
    appendFileSync(daemon.log, failedPassword(host));
    await daemon.waitForBan(host);
  }

  async function isHeldBy(...holders: readonly string[]): Promise<boolean> {
    const ban = (await daemon.bans()).find(({ address }) => address === attacker.host);
    return String(ban?.holds.map(({ holder }) => holder).sort()) === String([...holders].sort());
  }

  for (const words of [['timeout', '0'], []]) {
    const way = words.length > 0 ? 'with' : 'without';

    it(`blocks by sets ${way} timeouts for as long as one of two jails wants it`, async () => {
      prepare(...words);
      configure('4s', '12s');
      await daemon.start();
      expect(isOpen()).toBe(true);

      await attack(attacker.host);
      expect(isOpen()).toBe(false);
      await waitFor('the short ban to end', () => isHeldBy('long'));

      expect(isOpen()).toBe(false);
      await daemon.waitForBan(attacker.host, false);
      await waitFor('the attacker to be let in', isOpen);
      expect(isOpenToNeighbour()).toBe(false);
      expect(ipset('save').match(/^add .*$/gm)).toEqual([
        expect.stringContaining(`add blocked ${neighbour.host}`),
      ]);
    });

    it(`does so over kill -9 with sets ${way} timeouts`, async () => {
      prepare(...words);
      configure('5s', '20s');
      await daemon.start();
      await attack(attacker.host);

      await daemon.end('SIGKILL');
      expect(isOpen()).toBe(false);
      await daemon.start();
      await waitFor('the short ban to end', () => isHeldBy('long'));
      expect(isOpen()).toBe(false);
      await daemon.end('SIGKILL');
      await daemon.start();
      expect(await isHeldBy('long')).toBe(true);
      expect(isOpen()).toBe(false);

      await daemon.waitForBan(attacker.host, false);
      await waitFor('the attacker to be let in', isOpen);
      expect(isOpenToNeighbour()).toBe(false);
    });
  }

  it('blocks v6 too, and leaves nothing but what is not its own when told', async () => {
    prepare('timeout', '0');
    ipset('add', 'blocked', attacker.host);
    const saved = ipset('save');
    configure('1h', '2h');
    await daemon.start();
    expect(network.reaches('attacker', attacker6.gateway, ssh)).toBe(true);

    await attack(attacker6.host);
    await attack(attacker.host);

    expect(network.reaches('attacker', attacker6.gateway, ssh)).toBe(false);
    expect(ipset('save', 'blocked6')).toMatch(/^add blocked6 2001:db8:a::10 timeout \d+$/m);
    expect((await daemon.status()).lists).toMatchObject([
      { list: 'ipset/blocked+blocked6', holders: ['short', 'long'], foreign: 2 },
    ]);
    await daemon.end('SIGKILL');
    expect((await daemon.cli('flush')).code).toBe(0);
    expect(ipset('save')).toBe(saved);
    expect(isOpen()).toBe(false);
  });

  it('says that a set is missing, and enforces as soon as it is there', async () => {
    configure('1h', '2h');
    await daemon.start();
    appendFileSync(daemon.log, failedPassword(attacker.host));
    await waitFor('the list to be degraded', async () => {
      const [list] = (await daemon.status()).lists;
      return list?.state === 'degraded' && /there is no set blocked/.test(list.reason);
    });

    prepare('timeout', '0');

    await daemon.waitForBan(attacker.host);
    expect(isOpen()).toBe(false);
  });
});
