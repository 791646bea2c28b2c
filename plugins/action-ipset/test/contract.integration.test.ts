import { setTimeout as sleep } from 'node:timers/promises';
import { type ActionRig, actionContract } from '@remand/testkit';
import { it } from 'vitest';
import { Namespace, realClock } from '../../../test/support/namespace.ts';
import { needs } from '../../../test/support/needs.ts';
import ipset from '../src/index.ts';

const ways = [
  {
    title: 'two sets with timeouts',
    sets: ['hash:net family inet timeout 0', 'hash:net family inet6 timeout 0'],
  },
  { title: 'two sets without', sets: ['hash:net family inet', 'hash:net family inet6 comment'] },
  { title: 'a set with a timeout of its own', sets: ['hash:net family inet timeout 60 counters'] },
  {
    title: 'sets of single addresses',
    sets: ['hash:ip family inet timeout 0', 'hash:ip family inet6 timeout 0'],
  },
  { title: 'one set of single addresses without timeouts', sets: ['hash:ip family inet'] },
] as const;

/** An administrator's sets, each with an entry of the administrator's own. */
async function setUp(sets: readonly string[]): Promise<ActionRig> {
  const namespace = new Namespace();
  const fill = () => {
    for (const [n, words] of sets.entries()) {
      namespace.exec('ipset', '-exist', 'create', `blocked${n}`, ...words.split(' '));
      const timeout = words.includes('timeout') ? ['timeout', '0'] : [];
      const own = words.includes('inet6') ? '2001:db8::ad' : '198.51.100.250';
      namespace.exec('ipset', '-exist', 'add', `blocked${n}`, own, ...timeout);
    }
  };
  fill();
  return {
    clock: realClock,
    commands: namespace.commands,
    passTime: (ms) => sleep(ms),
    dump: async () => namespace.exec('ipset', 'save').split('\n').sort().join('\n'),
    wipe: async () => {
      namespace.exec('ipset', 'destroy');
      fill();
    },
    tearDown: () => namespace.remove(),
  };
}

needs(
  'root',
  'ip',
  'ipset',
)('ipset keeps the contract of actions', () => {
  for (const { title: way, sets } of ways) {
    const options = { set: 'blocked0', ...(sets.length > 1 ? { set6: 'blocked1' } : {}) };
    const given = { plugin: ipset, options, setUp: () => setUp(sets) };
    for (const { title, run } of actionContract(given)) it(`with ${way}: ${title}`, run);
  }
});
