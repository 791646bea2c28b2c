import { setTimeout as sleep } from 'node:timers/promises';
import { type ActionRig, actionContract } from '@remand/testkit';
import { describe, it } from 'vitest';
import { Namespace, realClock } from '../../../test/support/namespace.ts';
import { needs } from '../../../test/support/needs.ts';
import { Shorewall } from '../../../test/support/shorewall.ts';
import plugin from '../src/index.ts';

const ways = [
  { blacklist: 'Yes', options: {} },
  { blacklist: 'ipset-only', options: {} },
] as const;

/** A running shorewall where an administrator has entries of every kind. */
async function setUp(blacklist: string): Promise<ActionRig> {
  const namespace = new Namespace();
  namespace.exec('ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth1');
  const shorewall = await Shorewall.in({
    namespace: namespace.name,
    interfaces: ['eth0'],
    blacklist,
  });
  shorewall.start();
  if (blacklist !== 'ipset-only') {
    shorewall.run('shorewall', 'drop', '192.0.2.1');
    shorewall.run('shorewall', 'logreject', '192.0.2.0/24');
    shorewall.run('shorewall6', 'logdrop', '2001:db8:ffff::1');
    shorewall.run('shorewall', 'open', '192.0.2.9', 'all');
  }
  if (blacklist !== 'Yes') {
    shorewall.run('shorewall', 'blacklist', '192.0.2.2', 'timeout', '0');
    shorewall.run('shorewall6', 'blacklist', '2001:db8:ffff::2', 'timeout', '0');
  }
  const rules = () =>
    ['iptables', 'ip6tables'].map((program) => shorewall.run(program, '-S')).join('');
  return {
    clock: realClock,
    commands: shorewall.commands,
    passTime: (ms) => sleep(ms),
    dump: async () => rules() + shorewall.run('ipset', 'save').replace(/ initval \S+/g, ''),
    wipe: async () => {
      if (blacklist !== 'ipset-only') {
        shorewall.run('iptables', '-F', 'dynamic');
        shorewall.run('ip6tables', '-F', 'dynamic');
      }
      if (blacklist !== 'Yes') shorewall.run('ipset', 'flush');
    },
    tearDown: async () => {
      await shorewall.remove();
      await namespace.remove();
    },
  };
}

needs(
  'root',
  'ip',
  'iptables',
  'ipset',
  'nsenter',
  'shorewall',
  'shorewall6',
  'unshare',
)('shorewall keeps the contract of actions', () => {
  for (const { blacklist, options } of ways) {
    describe(`with DYNAMIC_BLACKLIST=${blacklist} and ${JSON.stringify(options)}`, () => {
      const given = { plugin, options, setUp: () => setUp(blacklist) };
      for (const { title, run } of actionContract(given)) it(title, run);
    });
  }
});
