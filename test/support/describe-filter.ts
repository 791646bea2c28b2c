import { readFileSync } from 'node:fs';
import type { AnyPlugin } from '@remand/api';
import { createFilterTrial } from '@remand/kernel';
import type { PatternTable } from '@remand/patterns';
import { type FilterContractGiven, filterContract, readFilterSamples } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { ordinaryDay } from './ordinary-day.ts';

interface FilterGiven extends Partial<Pick<FilterContractGiven, 'unwrap' | 'runs'>> {
  readonly plugin: AnyPlugin<'filter'>;
  readonly table: PatternTable;
  /** The folder of `samples.txt` and `ordinary.txt`: `import.meta.dirname` of the test. */
  readonly folder: string;
  /** The options that switch all patterns on. Default: none are needed. */
  readonly options?: unknown;
  /** The options with which an ordinary day must bring nothing. Default: none. */
  readonly ordinaryOptions?: unknown;
}

/** The tests of a filter that is made of patterns. */
export function describeFilter(given: FilterGiven): void {
  const { plugin, table, folder, options = {}, ordinaryOptions = {}, ...more } = given;
  const read = (file: string) => readFileSync(`${folder}/${file}`, 'latin1');
  const { value } = plugin.options['~standard'].validate(options) as { value: unknown };
  const filter = plugin.create({ options: value });
  const samples = readFilterSamples(read('samples.txt'));

  describe(`the filter ${plugin.name}`, () => {
    it.each(filterContract({ filter, table, samples, ...more }))(
      '$title',
      ({ run }) => run(),
      60_000,
    );

    it('has a sample with an IPv6 address', () => {
      expect(samples.some(({ address }) => address?.includes(':'))).toBe(true);
    });

    it('makes nothing of a day of ordinary traffic', async () => {
      const trial = await createFilterTrial({
        ...{ name: plugin.name, options: ordinaryOptions, plugins: [], maxLineBytes: 16_384 },
        bundled: {
          source: {},
          action: {},
          notifier: {},
          filter: { [plugin.name]: async () => ({ plugin }) },
        },
      });
      const lines = ordinaryDay(read('ordinary.txt'));

      const verdicts = lines.map((line) => ({ line, ...trial.read(Buffer.from(line, 'latin1')) }));

      expect(verdicts.filter(({ match }) => match).map(({ line }) => line)).toEqual([]);
      const offered = verdicts.filter(({ notOffered }) => notOffered !== 'no-header');
      expect(offered.length, 'lines with a header').toBe(lines.length);
      await trial.close();
    });
  });
}
