import { type Packing, packingOf } from '@remand/api';

/** A sort of file that holds no lines. */
export interface BinaryKind {
  readonly what: string;
  /** What writes out its lines, if anything does. */
  readonly reader?: string;
}

const unpackers: Readonly<Record<Packing, string>> = {
  gzip: 'zcat FILE',
  xz: 'xzcat FILE',
  zstd: 'zstdcat FILE',
  bzip2: 'bzcat FILE',
};

const kinds: readonly (BinaryKind & { readonly magic: string })[] = [
  {
    magic: 'LPKSHHRH',
    what: 'a systemd journal',
    reader: 'journalctl --file FILE',
  },
  {
    magic: '\xff\xfe',
    what: 'text in UTF-16',
    reader: 'iconv -f UTF-16 -t UTF-8 FILE',
  },
  {
    magic: '\xfe\xff',
    what: 'text in UTF-16',
    reader: 'iconv -f UTF-16 -t UTF-8 FILE',
  },
];

/** What the first bytes of an input say that it is; undefined for text. */
export function binaryKind(start: Uint8Array): BinaryKind | undefined {
  const packing = packingOf(start);
  if (packing) return { what: `compressed by ${packing}`, reader: unpackers[packing] };
  const text = Buffer.from(start.subarray(0, 4096)).toString('latin1');
  const known = kinds.find(({ magic }) => text.startsWith(magic));
  if (known) return known;
  if (!text.includes('\0')) return undefined;
  return { what: 'binary: it holds NUL bytes' };
}
