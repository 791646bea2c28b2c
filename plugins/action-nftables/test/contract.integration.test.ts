import { setTimeout as sleep } from 'node:timers/promises';
import { type ActionRig, actionContract } from '@remand/testkit';
import { it } from 'vitest';
import { Namespace, realClock } from '../../../test/support/namespace.ts';
import { needs } from '../../../test/support/needs.ts';
import nftables from '../src/index.ts';

async function setUp(): Promise<ActionRig> {
  const namespace = new Namespace();
  namespace.nft('add', 'table', 'inet', 'admin');
  namespace.nft('add', 'set', 'inet', 'admin', 'kept', '{ type ipv4_addr; }');
  namespace.nft('add', 'element', 'inet', 'admin', 'kept', '{ 198.51.100.1 }');
  return {
    clock: realClock,
    commands: namespace.commands,
    passTime: (ms) => sleep(ms),
    dump: async () => namespace.nft('list', 'ruleset'),
    wipe: async () => void namespace.nft('flush', 'ruleset'),
    stops: async (target) => {
      const chain = namespace.nft('list', 'chain', 'inet', 'remand', 'ban-contract');
      const set = namespace.nft('list', 'set', 'inet', 'remand', 'ban-contract-v4_32');
      return (
        /hook [a-z]+ .*@ban-contract-v4_32 .*(?:drop|reject)/s.test(chain) && set.includes(target)
      );
    },
    tearDown: () => namespace.remove(),
  };
}

const otherOptions = [
  { block: 'reject' },
  { ports: [22, '6000-6010'], protocol: 'both' },
  { hook: 'input', block: 'reject', ports: [22] },
  { hook: 'forward' },
];

needs(
  'root',
  'ip',
  'nft',
)('nftables keeps the contract of actions', () => {
  for (const { title, run } of actionContract({ plugin: nftables, otherOptions, setUp }))
    it(title, run);
});
