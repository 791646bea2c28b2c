import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { needsShared } from '../support/needs.ts';
import { corpusDifferences, corpusRows } from './corpus.ts';

const page = readFileSync(new URL('../../docs/filters-differences.md', import.meta.url), 'utf8');
const explained = [...page.matchAll(/^\| `(f2b\/[^`]+)` \|/gm)].map(([, id]) => id);

needsShared()('the filters and the shared corpus', () => {
  const rows = corpusRows();

  it('differ where the documentation says so, and nowhere else', async () => {
    const differences = await corpusDifferences(rows);
    const withAddress = rows.filter(({ host_kind }) => host_kind !== 'dns-or-name');
    const others = differences.filter(({ row }) => withAddress.includes(row));

    expect(differences.map(({ row }) => row.id).toSorted()).toEqual(explained.toSorted());
    expect(1 - others.length / withAddress.length).toBeGreaterThan(0.98);
    // Where both name an address it is the same one.
    expect(differences.filter(({ said }) => said !== 'no match')).toEqual([]);
  });

  it('finds lines of each service that it compares', () => {
    expect(new Set(rows.map(({ service }) => service)).size).toBeGreaterThan(8);
  });
});
