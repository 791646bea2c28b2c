import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { needsShared, sharedPath } from '../../../test/support/needs.ts';
import { type Mode, offer } from './support.ts';

const file = sharedPath('corpus', 'fail2ban.shared.jsonl');

interface Row {
  readonly id: string;
  readonly service: string;
  readonly stateless: boolean;
  readonly options: { readonly mode?: Mode };
  readonly line: string;
  readonly match: boolean;
  readonly host: string | null;
  readonly host_kind: string | null;
  readonly user: string | null;
  readonly observed: { readonly host?: string } | null;
}

const time = String.raw`(?:[A-Z][a-z]{2} {1,2}\d{1,2} [\d:]{8} |\d{4}-\d\d-\d\dT\S+ )?`;
const header = new RegExp(
  String.raw`^${time}(?:[\w.-]+ )?(?:(sshd(?:-session|-auth)?)\[\d+\]: |\[sshd\]:? )`,
);

const rows: readonly Row[] = !existsSync(file)
  ? []
  : readFileSync(file, 'utf8')
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text) as Row)
      .filter((row) => row.service === 'sshd' && row.stateless);

needsShared()('sshd and the shared corpus', () => {
  it('finds rows of every mode', () => {
    const seen = new Set(rows.map((row) => row.options.mode ?? 'normal'));

    expect([...seen].sort()).toEqual(['aggressive', 'ddos', 'extra', 'normal']);
  });

  it.each(rows)('agrees with $id', (row) => {
    const message = row.line.replace(header, '');
    expect(message, 'the header was not recognised').not.toBe(row.line);

    const found = offer(row.options.mode ?? 'normal', message);

    const isName = row.host_kind === 'dns-or-name';
    const expected = row.match && !isName ? (row.host ?? row.observed?.host) : undefined;
    expect(found?.address).toBe(expected);
    if (row.match && !isName && row.user !== null) expect(found?.user).toBe(row.user);
  });
});
