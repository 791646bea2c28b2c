/** A sort of file that holds no lines, and how to get at its lines. */
export interface BinaryKind {
  readonly what: string;
  readonly hint: string;
}

const kinds: readonly (BinaryKind & { readonly magic: string })[] = [
  { magic: '\x1f\x8b', what: 'compressed by gzip', hint: 'zcat FILE | remand match FILTER -' },
  { magic: '\xfd7zXZ', what: 'compressed by xz', hint: 'xzcat FILE | remand match FILTER -' },
  {
    magic: '\x28\xb5\x2f\xfd',
    what: 'compressed by zstd',
    hint: 'zstdcat FILE | remand match FILTER -',
  },
  { magic: 'BZh', what: 'compressed by bzip2', hint: 'bzcat FILE | remand match FILTER -' },
  {
    magic: 'LPKSHHRH',
    what: 'a systemd journal',
    hint: 'journalctl --file FILE | remand match FILTER -',
  },
  {
    magic: '\xff\xfe',
    what: 'text in UTF-16',
    hint: 'iconv -f UTF-16 -t UTF-8 FILE | remand match FILTER -',
  },
  {
    magic: '\xfe\xff',
    what: 'text in UTF-16',
    hint: 'iconv -f UTF-16 -t UTF-8 FILE | remand match FILTER -',
  },
];

/** What the first bytes of an input say that it is; undefined for text. */
export function binaryKind(start: Uint8Array): BinaryKind | undefined {
  const text = Buffer.from(start.subarray(0, 4096)).toString('latin1');
  const known = kinds.find(({ magic }) => text.startsWith(magic));
  if (known) return known;
  if (!text.includes('\0')) return undefined;
  return {
    what: 'binary: it holds NUL bytes',
    hint: 'remand reads logs that are text; is it the right file?',
  };
}
