import { it } from 'vitest';
import nftables from '../../../../plugins/action-nftables/src/index.ts';
import { Namespace } from '../../../../test/support/namespace.ts';
import { needs } from '../../../../test/support/needs.ts';
import { day, live, realList, timeoutMs, title } from './real-life.ts';
import { nftList } from './real-lists.ts';
import { RealMachine } from './real-machine.ts';

needs(
  'root',
  'ip',
  'nft',
)('the kernel on nftables', () => {
  it(
    title,
    async () => {
      const namespace = new Namespace();
      const { commands } = namespace;
      const exec = (...argv: readonly string[]) => namespace.exec(...argv);
      const lists = new Map(
        ['one', 'two'].map((name) => [`nftables/${name}`, nftList(exec, name)] as const),
      );
      const limits = { ownership: 'own', maxTimeoutMs: 30 * day } as const;
      try {
        const machine = new RealMachine({ plugin: nftables, commands, lists });
        await live(
          machine,
          [...lists.keys()].map((key) => realList(key, limits)),
        );
      } finally {
        await namespace.remove();
      }
    },
    timeoutMs,
  );
});
