import { describe, expect, it } from 'vitest';
import { coverageOf } from '../src/coverage-of.ts';
import { options } from '../src/options.ts';

describe(coverageOf.name, () => {
  it.each([
    [{}, { hook: 'prerouting', local: true, forwarded: true, established: true }],
    [{ hook: 'input' }, { hook: 'input', local: true, forwarded: false, established: true }],
    [{ hook: 'forward' }, { hook: 'forward', local: false, forwarded: true, established: true }],
    [
      { ports: [22, '6000-6010'], protocol: 'both' },
      {
        hook: 'prerouting',
        local: true,
        forwarded: true,
        established: true,
        ports: [
          { from: 22, to: 22 },
          { from: 6000, to: 6010 },
        ],
        protocols: ['tcp', 'udp'],
      },
    ],
  ])('tells what %j covers', (given, coverage) => {
    expect(coverageOf(options.parse(given))).toEqual(coverage);
  });
});
