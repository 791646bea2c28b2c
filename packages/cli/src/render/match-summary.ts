import { printable } from '@remand/api';
import type { FilterDetails, LineVerdict } from '@remand/daemon';
import type { Paint } from '../output/paint.ts';
import { type Column, pairs, table } from '../output/table.ts';

/** Attackers choose addresses: so many are counted apart. */
const mostAddresses = 100_000;
const busiest = 10;

type Reason = NonNullable<LineVerdict['notOffered']> | 'failed' | 'no-pattern';

const reasons: Readonly<Record<Reason, string>> = {
  empty: 'empty',
  'too-long': 'too long to be read',
  'no-header': 'without a header that is known',
  'other-program': 'of other programs',
  'other-beginning': 'that begin like no abuse',
  'no-pattern': 'that no pattern fits',
  failed: 'at which the filter threw',
};

/** Adds up what a filter made of many lines. */
export class MatchSummary {
  readonly #filter: string;
  readonly #paint: Paint;
  readonly #addresses = new Map<string, { lines: number; first: number; last: number }>();
  readonly #unmatched = new Map<Reason, { lines: number; first: number; text: string }>();
  #lines = 0;
  #matched = 0;
  #dated = 0;

  constructor(filter: string, paint: Paint) {
    this.#filter = filter;
    this.#paint = paint;
  }

  add(n: number, verdict: LineVerdict, details: () => FilterDetails): void {
    this.#lines++;
    if (verdict.time !== null) this.#dated++;
    if (verdict.address !== null) {
      this.#matched++;
      this.#count(verdict.address, n);
      return;
    }
    const reason = verdict.notOffered ?? (verdict.failure === null ? 'no-pattern' : 'failed');
    const known = this.#unmatched.get(reason);
    if (known) known.lines++;
    else {
      const text = details().notOffered?.text ?? verdict.failure ?? '';
      this.#unmatched.set(reason, { lines: 1, first: n, text });
    }
  }

  /** @param hints whether the lines were not shown, so that the reason must be */
  render({ hints }: { readonly hints: boolean }): string {
    if (this.#lines === 0) return '';
    const sorts = [...this.#unmatched].toSorted(([, left], [, right]) => right.lines - left.lines);
    const parts = sorts.map(([reason, { lines }]) => `${lines} ${reasons[reason]}`);
    const rows = [
      ['lines', `${this.#lines}, of which ${this.#dated} with a time`] as const,
      ['matched', this.#verdict()] as const,
      ['not matched', parts.join(', ') || 'none'] as const,
    ];
    return pairs(rows, this.#paint) + (hints ? this.#hint(sorts) : '') + this.#busiest();
  }

  #verdict() {
    if (this.#matched === 0) return { text: 'none', style: 'yellow' as const };
    const { size } = this.#addresses;
    const many = size === mostAddresses ? `${size} addresses or more` : `${size}`;
    const of = size === 1 ? 'one address' : size === mostAddresses ? many : `${many} addresses`;
    return { text: `${this.#matched}, of ${of}`, style: 'green' as const };
  }

  /** Without any match: the most frequent reason, with its first line. */
  #hint(sorts: readonly (readonly [Reason, { readonly first: number; readonly text: string }])[]) {
    const [main] = sorts;
    if (this.#matched > 0 || !main) return '';
    const [reason, { first, text }] = main;
    const why = text === '' ? `the filter ${printable(this.#filter)} has no pattern for it` : text;
    const next =
      reason === 'other-beginning' || reason === 'no-pattern'
        ? 'give such a line alone to see how far each pattern gets'
        : 'is it the right log, and the right filter?';
    return `${this.#paint('yellow', '!')} line ${first}: ${why}\n  ${this.#paint('dim', `→ ${next}`)}\n`;
  }

  #busiest(): string {
    const rows = [...this.#addresses]
      .map(([address, counts]) => ({ address, ...counts }))
      .toSorted((left, right) => right.lines - left.lines)
      .slice(0, busiest);
    return rows.length === 0 ? '' : `\n${table(columns, rows, this.#paint)}`;
  }

  #count(address: string, n: number): void {
    const known = this.#addresses.get(address);
    if (known) {
      known.lines++;
      known.last = n;
    } else if (this.#addresses.size < mostAddresses) {
      this.#addresses.set(address, { lines: 1, first: n, last: n });
    }
  }
}

interface Row {
  readonly address: string;
  readonly lines: number;
  readonly first: number;
  readonly last: number;
}

const columns: readonly Column<Row>[] = [
  { head: 'ADDRESS', cell: ({ address }) => address },
  { head: 'LINES', right: true, cell: ({ lines }) => lines },
  { head: 'FIRST', right: true, cell: ({ first }) => first },
  { head: 'LAST', right: true, cell: ({ last }) => last },
];
