/** A sort of file that holds no lines. */
export interface BinaryKind {
  readonly what: string;
  /** What writes out its lines, if anything does. */
  readonly reader?: string;
}

const kinds: readonly (BinaryKind & { readonly magic: string })[] = [
  { magic: '\x1f\x8b', what: 'compressed by gzip', reader: 'zcat FILE' },
  { magic: '\xfd7zXZ', what: 'compressed by xz', reader: 'xzcat FILE' },
  {
    magic: '\x28\xb5\x2f\xfd',
    what: 'compressed by zstd',
    reader: 'zstdcat FILE',
  },
  { magic: 'BZh', what: 'compressed by bzip2', reader: 'bzcat FILE' },
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
  const text = Buffer.from(start.subarray(0, 4096)).toString('latin1');
  const known = kinds.find(({ magic }) => text.startsWith(magic));
  if (known) return known;
  if (!text.includes('\0')) return undefined;
  return { what: 'binary: it holds NUL bytes' };
}
