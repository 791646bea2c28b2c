import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { filterContract, readFilterSamples } from '@remand/testkit';
import plugin from '../src/index.ts';
import { patterns } from '../src/patterns.ts';

const samples = readFilterSamples(readFileSync(join(import.meta.dirname, 'samples.txt'), 'latin1'));
const filter = plugin.create({ options: {} });

describe('{{name}} keeps the contract of filters', () => {
  for (const { title, run } of filterContract({ filter, table: patterns, samples })) it(title, run);
});
