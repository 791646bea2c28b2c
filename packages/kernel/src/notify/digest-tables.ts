import type { NoticeDigest, NoticeKind } from '@remand/api';
import { networkOf } from '../address/network-of.ts';

/** Rows of each table that are kept while a digest is gathered, and that are shown. */
const mostKept = 1_000;
const mostShown = 10;

/** Adds up the tables of a digest. Attackers choose the addresses: each table is bounded. */
export class DigestTables {
  readonly #counts: Table<NoticeDigest['counts'][number]>;
  readonly #suppressed: Table<NoticeDigest['suppressed'][number]>;
  readonly #addresses: Table<NoticeDigest['addresses'][number]>;
  readonly #networks: Table<NoticeDigest['networks'][number]>;

  /** Goes on from a digest that was gathered before. */
  constructor(before?: NoticeDigest) {
    this.#counts = new Table(({ kind, holder }) => `${kind} ${holder ?? ''}`, before?.counts);
    this.#suppressed = new Table(({ reason }) => reason, before?.suppressed);
    this.#addresses = new Table(({ address }) => address, before?.addresses);
    this.#networks = new Table(({ network }) => network, before?.networks);
  }

  count(kind: NoticeKind, holder: string | undefined, count = 1): void {
    this.#counts.add({ kind, ...(holder !== undefined && { holder }), count });
  }

  suppressed(reason: string, count: number): void {
    this.#suppressed.add({ reason, count });
  }

  address(address: string, count = 1): void {
    this.#addresses.add({ address, count });
    const network = networkOf(address);
    if (network !== undefined) this.#networks.add({ network, count });
  }

  get isEmpty(): boolean {
    return this.#counts.isEmpty && this.#suppressed.isEmpty;
  }

  /** @param shown only what people are shown; else all that is kept */
  tables(shown: boolean): Pick<NoticeDigest, 'counts' | 'suppressed' | 'addresses' | 'networks'> {
    const most = shown ? mostShown : mostKept;
    return {
      counts: this.#counts.top(most),
      suppressed: this.#suppressed.top(most),
      addresses: this.#addresses.top(most),
      networks: this.#networks.top(most),
    };
  }
}

class Table<Row extends { readonly count: number }> {
  readonly #key: (row: Row) => string;
  #rows = new Map<string, Row>();

  constructor(key: (row: Row) => string, rows: readonly Row[] = []) {
    this.#key = key;
    for (const row of rows) this.add(row);
  }

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  add(row: Row): void {
    const key = this.#key(row);
    const known = this.#rows.get(key);
    this.#rows.set(key, known ? { ...row, count: known.count + row.count } : row);
    // Twice as many, so that the sorting is rare.
    if (this.#rows.size > 2 * mostKept) {
      this.#rows = new Map(this.top(mostKept).map((one) => [this.#key(one), one]));
    }
  }

  top(most: number): readonly Row[] {
    return [...this.#rows.values()].sort((a, b) => b.count - a.count).slice(0, most);
  }
}
