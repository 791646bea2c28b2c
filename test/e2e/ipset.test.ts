import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import type { Daemon } from './support/daemon.ts';
import { Gateway, ssh } from './support/gateway.ts';
import { addresses, type Network } from './support/network.ts';
import { sshdJails } from './support/sshd-jails.ts';
import { waitFor } from './support/wait-for.ts';

const { attacker, attacker6, neighbour } = addresses;

needs(
  'root',
  'ip',
  'iptables',
  'ipset',
  'nc',
  'sysctl',
)("remand with an administrator's sets between real hosts", () => {
  let gateway: Gateway;
  let network: Network;
  let daemon: Daemon;

  beforeEach(async () => {
    gateway = await Gateway.open();
    ({ network, daemon } = gateway);
  });

  afterEach(() => gateway.close());

  const ipset = (...args: readonly string[]) => network.exec('firewall', 'ipset', ...args);

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

  const configure = (short: string, long: string) =>
    daemon.configure(sshdJails({ short, long }, [{ ipset: { set: 'blocked', set6: 'blocked6' } }]));

  it('blocks v6 too, and leaves nothing but what is not its own when told', async () => {
    prepare('timeout', '0');
    ipset('add', 'blocked', attacker.host);
    const saved = ipset('save');
    configure('1h', '2h');
    await daemon.start();
    expect(network.reaches('attacker', attacker6.gateway, ssh)).toBe(true);

    await daemon.attackUntilBanned(attacker6.host);
    await daemon.attackUntilBanned(attacker.host);

    expect(network.reaches('attacker', attacker6.gateway, ssh)).toBe(false);
    expect(ipset('save', 'blocked6')).toMatch(/^add blocked6 2001:db8:a::10 timeout \d+$/m);
    expect((await daemon.status()).lists).toMatchObject([
      { list: 'ipset/blocked+blocked6', holders: ['short', 'long'], foreign: 2 },
    ]);
    await daemon.end('SIGKILL');
    expect((await daemon.cli('flush')).code).toBe(0);
    expect(ipset('save')).toBe(saved);
    expect(gateway.isOpen()).toBe(false);
  });

  it('says that a set is missing, and enforces as soon as it is there', async () => {
    configure('1h', '2h');
    await daemon.start();
    daemon.attack(attacker.host);
    await waitFor('the list to be degraded', async () => {
      const [list] = (await daemon.status()).lists;
      return list?.state === 'degraded' && /there is no set blocked/.test(list.reason);
    });

    prepare('timeout', '0');

    await daemon.waitForBan(attacker.host);
    expect(gateway.isOpen()).toBe(false);
  });
});
