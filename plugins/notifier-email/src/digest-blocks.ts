import type { NoticeDigest } from '@remand/api';
import { counted } from './kinds.ts';
import { mailText } from './mail-text.ts';
import type { Block } from './story.ts';
import { utc } from './times.ts';

const mostRows = 10;

/** What happened between two times, in numbers. */
export function digestBlocks(digest: NoticeDigest): readonly Block[] {
  const { since, until, counts, suppressed, addresses, networks } = digest;
  const happened = counts.map(
    ({ kind, holder, count }) =>
      [holder === undefined ? 'all' : mailText(holder, 40), counted(kind, count)] as const,
  );
  return [
    {
      kind: 'facts',
      rows: [
        ['From', utc(since)],
        ['To', utc(until)],
      ],
    },
    ...table('What happened', happened),
    ...table(
      'Not sent one by one',
      suppressed.map(({ reason, count }) => [`${count}`, mailText(reason, 120)]),
    ),
    ...table(
      'Addresses banned most',
      addresses.map(({ address, count }) => [mailText(address, 50), counted('ban', count)]),
    ),
    ...table(
      'Networks banned most',
      networks.map(({ network, count }) => [mailText(network, 50), counted('ban', count)]),
    ),
  ];
}

function table(title: string, rows: readonly (readonly [string, string])[]): readonly Block[] {
  if (rows.length === 0) return [];
  return [
    { kind: 'label', text: title },
    { kind: 'facts', rows: rows.slice(0, mostRows) },
  ];
}
