/** How a file is packed. */
export type Packing = 'gzip' | 'xz' | 'bzip2' | 'zstd';

// RFC 1952 §2.3.1 and the file formats of xz, bzip2 and zstd (RFC 8878 §3.1.1).
const magics: readonly (readonly [Packing, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
];

/** What the first bytes of a file say; eight are enough. Undefined for what is not packed. */
export function packingOf(start: Uint8Array): Packing | undefined {
  return magics.find(([, magic]) => magic.every((byte, index) => start[index] === byte))?.[0];
}
