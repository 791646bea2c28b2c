import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { filterContract, readFilterSamples, validOptions } from '@remand/testkit';
import plugin from '../src/index.ts';
import { patterns } from '../src/patterns.ts';

const samples = readFilterSamples(readFileSync(join(import.meta.dirname, 'samples.txt'), 'latin1'));
/** With options: those that switch everything on. */
const filter = plugin.create({ options: await validOptions(plugin) });

describe('{{name}} keeps the contract of filters', () => {
  for (const { title, run } of filterContract({ filter, table: patterns, samples })) it(title, run);
});
