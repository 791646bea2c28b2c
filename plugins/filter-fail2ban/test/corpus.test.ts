import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { needsShared, sharedPath } from '../../../test/support/needs.ts';
import { filterWith, offer } from './support.ts';

const file = sharedPath('corpus', 'fail2ban.shared.jsonl');

interface Row {
  readonly id: string;
  readonly service: string;
  readonly line: string;
  readonly match: boolean;
  readonly host: string | null;
}

const iso = String.raw`\d{4}-\d\d-\d\d [\d:]{8},\d{3} `;
const syslog = String.raw`(?:[A-Z][a-z]{2} {1,2}\d{1,2} [\d:]{8} )?[\w.]+ `;
const header = new RegExp(String.raw`^(?:${iso}|${syslog}([\w.-]+)(?:\[\d+\])?: )`);

const rows: readonly Row[] = !existsSync(file)
  ? []
  : readFileSync(file, 'utf8')
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text) as Row)
      .filter((row) => row.service === 'recidive');

needsShared()('fail2ban and the shared corpus', () => {
  it('finds rows', () => {
    expect(rows.length).toBeGreaterThan(5);
  });

  it.each(rows)('agrees with $id', (row) => {
    const [found = '', program] = header.exec(row.line) ?? [];
    expect(found, 'the header was not recognised').not.toBe('');

    const match = offer(filterWith(), row.line.slice(found.length), program);

    expect(match?.address).toBe(row.match ? row.host : undefined);
  });
});
