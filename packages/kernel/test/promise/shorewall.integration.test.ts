import { it } from 'vitest';
import shorewall from '../../../../plugins/action-shorewall/src/index.ts';
import { Namespace } from '../../../../test/support/namespace.ts';
import { needs } from '../../../../test/support/needs.ts';
import { Shorewall } from '../../../../test/support/shorewall.ts';
import { live, realList, timeoutMs, title } from './real-life.ts';
import { chainList } from './real-lists.ts';
import { RealMachine } from './real-machine.ts';

needs(
  'root',
  'ip',
  'iptables',
  'nsenter',
  'shorewall',
  'shorewall6',
  'unshare',
)('the kernel on shorewall', () => {
  it(
    title,
    async () => {
      const namespace = new Namespace();
      namespace.exec('ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth1');
      const firewall = await Shorewall.in({
        namespace: namespace.name,
        interfaces: ['eth0'],
        blacklist: 'Yes',
      });
      try {
        firewall.start();
        const { commands } = firewall;
        const exec = (...argv: readonly string[]) => firewall.run(...argv);
        const lists = new Map([['shorewall', chainList(exec, 'dynamic', {})]]);
        const machine = new RealMachine({ plugin: shorewall, commands, lists });
        await live(machine, [realList('shorewall', { ownership: 'shared', maxTimeoutMs: 0 })]);
      } finally {
        await firewall.remove();
        await namespace.remove();
      }
    },
    timeoutMs,
  );
});
