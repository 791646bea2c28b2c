import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Pattern, type PatternTable } from '@remand/patterns';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../src/prove-linear.ts';

const plugins = join(import.meta.dirname, '../..');
const tables = globSync(['filter-*/src/patterns.ts', 'filters-*/src/*/patterns.ts'], {
  cwd: plugins,
}).sort();
/** What it cannot decide in this time is left to the proof of `checkPatterns`. */
const timeoutMs = 250;

const compiled = await Promise.all(
  tables.map(async (file) => {
    const { patterns } = (await import(join(plugins, file))) as { patterns: PatternTable };
    return patterns.patterns.map((entry) => ({
      name: `${nameOf(file)} ${entry.id}`,
      source: `^(?:${new Pattern({ entry, parts: patterns.parts }).regex.source})`,
    }));
  }),
);

/** `filter-sshd/src/patterns.ts` and `filters-mail/src/exim/patterns.ts` are of `sshd` and `exim`. */
function nameOf(file: string): string {
  const folder = basename(dirname(file));
  return folder === 'src' ? basename(join(file, '../..')) : folder;
}

describe('recheck', () => {
  it('finds the filters', () => expect(compiled.flat().length).toBeGreaterThan(150));

  it('finds what is slow', async () => {
    expect(await diagnose('^.* from .* port .*$', timeoutMs)).toMatchObject({
      status: 'vulnerable',
    });
  });

  it.each(compiled.flat())('finds $name not vulnerable', async ({ source }) => {
    expect((await diagnose(source, timeoutMs)).status).not.toBe('vulnerable');
  });
});
