import type { NetworkConfig } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { networkProblems } from '../../src/escalate/network-problems.ts';
import { kernelConfig } from '../kernel-rig.ts';

const prefixes = { v4: [24], v6: [56, 48] };

describe(networkProblems.name, () => {
  it.each<[Partial<NetworkConfig>, readonly string[]]>([
    [{}, []],
    [{ prefixes: { v4: [], v6: [56] } }, []],
    [{ after: 1 }, ['got 1, wanted a whole number from 2 on: one banned address is no network']],
    [
      { prefixes: { v4: [15, 24], v6: [64] }, after: 2 },
      [
        'got /15, wanted a prefix from 16 (widest) to 31',
        'got /64, wanted a prefix from 32 (widest) to 63',
        'a /64 has 1 addresses, and 2 have to be banned',
      ],
    ],
    [{ prefixes: { v4: [30], v6: [] } }, ['a /30 has 4 addresses, and 8 have to be banned']],
    [{ prefixes: { v4: [], v6: [] } }, ['names no prefix, so that no range can be banned']],
    [{ jails: ['shh'] }, ['there is no jail named "shh"']],
  ])('finds what is wrong with %j', (given, messages) => {
    const network = {
      ...{ after: 8, withinMs: 1000, banTimeMs: 1000, prefixes, path: ['network'] },
      ...given,
    };
    const found = networkProblems(kernelConfig({ network }));
    expect(found.map(({ message }) => message)).toEqual(messages);
  });
});
