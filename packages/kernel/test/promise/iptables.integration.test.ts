import { it } from 'vitest';
import iptables from '../../../../plugins/action-iptables-allports/src/index.ts';
import { Namespace } from '../../../../test/support/namespace.ts';
import { needs } from '../../../../test/support/needs.ts';
import { day, live, realList, timeoutMs, title } from './real-life.ts';
import { chainList, ipsetList } from './real-lists.ts';
import { RealMachine } from './real-machine.ts';

needs(
  'root',
  'ip',
  'iptables',
  'ipset',
)('the kernel on iptables', () => {
  it(
    title,
    async () => {
      const namespace = new Namespace();
      const { commands } = namespace;
      const exec = (...argv: readonly string[]) => namespace.exec(...argv);
      // One with sets, which count down, and one with a rule for each address.
      const [one, two] = ['iptables-allports/one', 'iptables-allports/two'];
      const options = { name: 'two', variant: 'nft', ipset: 'no' };
      const lists = new Map([
        [one, ipsetList(exec, 'one')],
        [two, chainList(exec, 'remand-two', options)],
      ]);
      try {
        const machine = new RealMachine({ plugin: iptables, commands, lists });
        await live(machine, [
          realList(one, { ownership: 'own', maxTimeoutMs: 20 * day }),
          realList(two, { ownership: 'own', maxTimeoutMs: 0 }),
        ]);
      } finally {
        await namespace.remove();
      }
    },
    timeoutMs,
  );
});
