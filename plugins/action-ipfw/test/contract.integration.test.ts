import { setTimeout as sleep } from 'node:timers/promises';
import { type ActionRig, actionContract } from '@remand/testkit';
import { describe, it } from 'vitest';
import { realClock } from '../../../test/support/namespace.ts';
import ipfw from '../src/index.ts';
import { FakeIpfw, type FakeKernel } from './fake-ipfw.ts';

/** What an administrator has. */
const others: FakeKernel = {
  tables: {
    remands: { type: 'addr', keys: ['198.51.100.1/32'] },
    7: { type: 'addr', keys: [] },
  },
  rules: [
    [100, 'allow ip from any to any via lo0'],
    [65_535, 'deny ip from any to any'],
  ],
};

async function setUp(): Promise<ActionRig> {
  const fake = new FakeIpfw(others);
  return {
    clock: realClock,
    commands: fake.commands,
    passTime: (ms) => sleep(ms),
    dump: async () => JSON.stringify(fake.kernel),
    wipe: async () => {
      fake.kernel = others;
    },
    tearDown: async () => fake.remove(),
  };
}

describe('ipfw keeps the contract of actions, on a program that does what the manual says', () => {
  for (const given of [{ rule: 50 }, { rule: 50, table: 7 }, { rule: 101, lastRule: 399 }]) {
    describe(`with ${JSON.stringify(given)}`, () => {
      const otherOptions = 'lastRule' in given ? [] : [{ ...given, rule: 60 }];
      // All holders share one list.
      const isFor = ({ title }: { readonly title: string }) => !title.includes('another holder');
      const cases = actionContract({ plugin: ipfw, options: given, otherOptions, setUp }).filter(
        isFor,
      );
      for (const { title, run } of cases) it(title, run);
    });
  }
});
