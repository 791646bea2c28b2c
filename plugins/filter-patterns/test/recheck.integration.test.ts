import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Pattern, type PatternTable } from '@remand/patterns';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../src/prove-linear.ts';

const plugins = join(import.meta.dirname, '../..');
const tables = globSync('filter-*/src/patterns.ts', { cwd: plugins }).sort();
/** What it cannot decide in this time is left to the proof of `checkPatterns`. */
const timeoutMs = 3_000;

const compiled = await Promise.all(
  tables.map(async (file) => {
    const { patterns } = (await import(join(plugins, file))) as { patterns: PatternTable };
    return patterns.patterns.map((entry) => ({
      name: `${basename(join(file, '../..'))} ${entry.id}`,
      source: `^(?:${new Pattern({ entry, parts: patterns.parts }).regex.source})`,
    }));
  }),
);

describe('recheck', () => {
  it('finds the filters', () => expect(compiled.flat().length).toBeGreaterThan(30));

  it('finds what is slow', async () => {
    expect(await diagnose('^.* from .* port .*$', timeoutMs)).toMatchObject({
      status: 'vulnerable',
    });
  });

  it.each(compiled.flat())('finds $name not vulnerable', async ({ source }) => {
    expect((await diagnose(source, timeoutMs)).status).not.toBe('vulnerable');
  });
});
