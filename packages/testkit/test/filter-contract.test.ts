import type { Filter } from '@remand/api';
import { PatternSet, type PatternTable } from '@remand/patterns';
import { describe, expect, it } from 'vitest';
import { filterContract, readFilterSamples } from '../src/index.ts';

const table: PatternTable = {
  patterns: [
    { id: 'failed', template: 'login of {user:text} from {address} failed' },
    { id: 'came', tells: 'address', template: 'connect from {address}' },
    { id: 'refused', tells: 'offence', template: 'no[ {user:word}]' },
  ],
};
const samples = readFilterSamples(`# pattern|program|address|user|message
failed||192.0.2.7|bob|login of bob from 192.0.2.7 failed
failed||::1|''|login of  from ::1 failed
came||192.0.2.7||connect from 192.0.2.7
refused|||a|no a
-||||login of bob from 192.0.2.7 worked`);
const filter = new PatternSet(table).asFilter({ programs: ['door'] });

/** The titles of the cases that a filter, or what is said of it, fails. */
async function failures(given: Partial<Parameters<typeof filterContract>[0]>) {
  const failed: string[] = [];
  for (const { title, run } of filterContract({ filter, table, samples, runs: 50, ...given })) {
    await run().catch(() => failed.push(title));
  }
  return failed;
}

const answering = (match: Filter['match']): Filter => ({ ...filter, match });

describe(filterContract.name, () => {
  it('passes a filter that keeps it', async () => {
    expect(await failures({})).toEqual([]);
  });

  it.each<[string, Partial<Parameters<typeof filterContract>[0]>]>([
    [
      'reads every line in one way, in linear time',
      {
        table: {
          patterns: [...table.patterns, { id: 'x', template: 'x {user:text} {address}: {rest}' }],
        },
      },
    ],
    ['makes of every sample what it says', { samples: [{ message: 'x', pattern: 'failed' }] }],
    [
      'has a sample of every pattern, one of which no other pattern takes',
      { samples: samples.filter(({ pattern }) => pattern !== 'came') },
    ],
    ['has samples that are no match', { samples: samples.slice(0, -1) }],
    [
      'blames the sender whatever stands in the free text',
      {
        filter: answering((message) => {
          const address = /from ([\d.]{7,}) /.exec(message)?.[1];
          return address === undefined ? undefined : { address };
        }),
      },
    ],
    [
      'blames nobody else in a line that is cut or mixed up',
      { filter: answering((message) => ({ address: message })) },
    ],
    [
      'takes at most 1 ms for a kilobyte',
      {
        filter: answering((message) => {
          const end = performance.now() + message.length / 900;
          while (message.length > 5_000 && performance.now() < end);
          return undefined;
        }),
      },
    ],
    ['explains itself as it matches', { filter: { ...filter, explain: () => [] } }],
  ])(
    'finds one that does not: %s',
    async (title, given) => {
      expect(await failures(given)).toContain(title);
    },
    60_000,
  );
});
