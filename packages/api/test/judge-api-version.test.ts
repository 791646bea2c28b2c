import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apiVersion, judgeApiVersion, oldestApiVersion } from '../src/index.ts';

const file = new URL('../../../docs/reference/plugin-api.md', import.meta.url);
const page = readFileSync(file, 'utf8');
/** The rows of the rule's table: `| 3 | 2 to 4 | loads |`. */
const rows = [...page.matchAll(/^\| (\S+) \| (\d+) to (\d+) \| ([a-z ]+) \|$/gm)].map(
  ([, built = '', oldest, current, verdict = '']) =>
    [built.replaceAll('`', ''), Number(oldest), Number(current), verdict] as const,
);

describe(judgeApiVersion.name, () => {
  it('has its table in the reference', () => {
    expect(rows.length).toBeGreaterThanOrEqual(10);
    expect(new Set(rows.map(([, , , verdict]) => verdict))).toEqual(
      new Set(['loads', 'too new', 'too old', 'malformed']),
    );
  });

  it.each(rows)(
    'judges %s, where %i to %i are supported: %s',
    (built, oldest, current, verdict) => {
      const value: unknown = built === 'undefined' ? undefined : JSON.parse(built);

      expect(judgeApiVersion(value, { oldest, current })).toBe(verdict);
    },
  );

  it('goes by what this remand supports', () => {
    expect(oldestApiVersion).toBeLessThanOrEqual(apiVersion);
    expect(judgeApiVersion(apiVersion)).toBe('loads');
    expect(judgeApiVersion(oldestApiVersion)).toBe('loads');
    expect(judgeApiVersion(apiVersion + 1)).toBe('too new');
  });

  it('is said with the numbers of this remand', () => {
    expect(page).toContain(`supports ${oldestApiVersion} to ${apiVersion}`);
  });
});
