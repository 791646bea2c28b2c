import { describe, expect, it } from 'vitest';
import { coverageOf } from '../src/coverage-of.ts';
import { options } from '../src/options.ts';

describe(coverageOf.name, () => {
  const all = { hook: 'INPUT and FORWARD', local: true, forwarded: true, established: true };

  it.each([
    [{}, all],
    [{ ports: [22] }, { ...all, ports: [{ from: 22, to: 22 }], protocols: ['tcp'] }],
    [
      { ports: [53, '6000-6010'], protocol: 'both' },
      {
        ...all,
        ports: [
          { from: 53, to: 53 },
          { from: 6000, to: 6010 },
        ],
        protocols: ['tcp', 'udp'],
      },
    ],
  ])('tells what %j covers', (given, coverage) => {
    expect(coverageOf(options.parse(given))).toEqual(coverage);
  });
});
