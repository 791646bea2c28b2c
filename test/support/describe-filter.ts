import { readFileSync } from 'node:fs';
import type { AnyPlugin } from '@remand/api';
import { createFilterTrial, type FilterTrial } from '@remand/kernel';
import { fieldsOf, PatternSet, type PatternTable, type Structure } from '@remand/patterns';
import {
  type FilterContractGiven,
  type FilterSample,
  filterContract,
  readFilterSamples,
} from '@remand/testkit';
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
  /** Lines of one stream, and whom the last of them completes an offence of, if anybody. */
  readonly conversations?: readonly (readonly [lines: readonly string[], address?: string])[];
  /** For a filter of structures: what its table sees of them. */
  readonly structure?: Structure;
}

/** The tests of a filter that is made of patterns. */
export function describeFilter(given: FilterGiven): void {
  const { plugin, table, folder, structure, conversations = [], ...rest } = given;
  const { options = {}, ordinaryOptions = {}, ...more } = rest;
  const read = (file: string) => readFileSync(`${folder}/${file}`, 'latin1');
  const { value } = plugin.options['~standard'].validate(options) as { value: unknown };
  const filter = plugin.create({ options: value });
  const samples = readFilterSamples(read('samples.txt'));
  const contract = structure
    ? {
        filter: new PatternSet(table).asFilter(),
        samples: samples.flatMap((sample) => structuredSample(sample, structure)),
      }
    : { filter, samples };

  describe(`the filter ${plugin.name}`, () => {
    it.each(filterContract({ table, ...contract, ...more }))('$title', ({ run }) => run(), 60_000);

    it('makes of every sample what it says, as the kernel offers it', () => {
      for (const { message, program, pattern, address, user } of samples) {
        const line = { program: program ?? undefined, pid: 4711 };
        const isOffered = filter.prefixes?.some((one) => message.startsWith(one)) ?? true;
        const isPiece = table.patterns.some(({ id, tells }) => id === pattern && tells);
        const match = isOffered && !isPiece ? filter.match(message, line) : undefined;

        expect(match?.address, message).toBe(isPiece ? undefined : address);
        if (user !== undefined && !isPiece) expect(match?.user, message).toBe(user);
      }
    });

    it('has a sample with an IPv6 address', () => {
      expect(samples.some(({ address }) => address?.includes(':'))).toBe(true);
    });

    it('makes nothing of a day of ordinary traffic', async () => {
      const trial = await trialOf(plugin, ordinaryOptions);
      const lines = ordinaryDay(read('ordinary.txt'));

      const verdicts = lines.map((line) => ({ line, ...trial.read(Buffer.from(line, 'latin1')) }));

      expect(verdicts.filter(({ match }) => match).map(({ line }) => line)).toEqual([]);
      const offered = verdicts.filter(({ notOffered }) => notOffered !== 'no-header');
      expect(offered.length, 'lines with a header').toBe(lines.length);
      await trial.close();
    });

    for (const [lines, address] of conversations) {
      it(`makes ${address ?? 'nothing'} of ${lines.length} lines up to "${lines.at(-1)}"`, async () => {
        const trial = await trialOf(plugin, ordinaryOptions);

        const addresses = lines.map((line) => trial.read(Buffer.from(line, 'latin1')).address);

        expect(addresses).toEqual([...lines.slice(1).map(() => null), address ?? null]);
        await trial.close();
      });
    }
  });
}

function trialOf(plugin: AnyPlugin<'filter'>, options: unknown): Promise<FilterTrial> {
  return createFilterTrial({
    ...{ name: plugin.name, options, plugins: [], maxLineBytes: 16_384 },
    bundled: {
      ...{ source: {}, action: {}, notifier: {} },
      filter: { [plugin.name]: async () => ({ plugin }) },
    },
  });
}

/** A sample as templates see it; what is no structure is for the filter alone. */
function structuredSample(sample: FilterSample, structure: Structure): readonly FilterSample[] {
  const message = fieldsOf(sample.message, structure);
  return message === undefined ? [] : [{ ...sample, message }];
}
