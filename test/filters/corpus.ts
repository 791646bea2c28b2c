import { existsSync, readFileSync } from 'node:fs';
import { bundled } from '@remand/daemon';
import { createFilterTrial } from '@remand/kernel';
import { sharedPath } from '../support/needs.ts';

/** A line of real logs and what another program makes of it. */
export interface CorpusRow {
  readonly id: string;
  readonly service: string;
  readonly options: Readonly<Record<string, string>>;
  readonly stream: string;
  readonly line: string;
  readonly match: boolean;
  readonly host: string | null;
  readonly host_kind: string | null;
  readonly observed: { readonly host?: string } | null;
}

/** Where we differ: what was wanted of us, and what we said. */
export interface CorpusDifference {
  readonly row: CorpusRow;
  readonly wanted: string;
  readonly said: string;
}

/** Services of the corpus whose filter has another name here. */
const filters: Readonly<Record<string, string>> = {
  recidive: 'fail2ban',
  'zzz-sshd-obsolete-multiline': 'sshd',
};

export function corpusRows(): readonly CorpusRow[] {
  const file = sharedPath('corpus', 'fail2ban.shared.jsonl');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as CorpusRow);
}

/** Feeds the lines of each stream in their order to the filter of the service. */
export async function corpusDifferences(
  rows: readonly CorpusRow[],
): Promise<readonly CorpusDifference[]> {
  const differences: CorpusDifference[] = [];
  for (const its of Map.groupBy(rows, ({ stream, service }) => `${service} ${stream}`).values()) {
    const [first] = its;
    if (first === undefined) continue;
    const { mode } = first.options;
    const trial = await createFilterTrial({
      name: filters[first.service] ?? first.service,
      options: mode === undefined ? {} : { mode },
      ...{ plugins: [], bundled, maxLineBytes: 16_384 },
    });
    for (const row of its) {
      const { address } = trial.read(Buffer.from(row.line, 'utf8'));
      const wanted = row.match ? (row.host ?? row.observed?.host ?? 'an address') : 'no match';
      const said = address ?? 'no match';
      if (wanted !== said) differences.push({ row, wanted, said });
    }
    await trial.close();
  }
  return differences;
}
