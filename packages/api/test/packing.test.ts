import { describe, expect, it } from 'vitest';
import { packingOf } from '../src/packing.ts';

describe(packingOf, () => {
  it.each([
    ['\x1f\x8b\x08', 'gzip'],
    ['\xfd7zXZ\0', 'xz'],
    ['BZh9', 'bzip2'],
    ['\x28\xb5\x2f\xfd\x04', 'zstd'],
    ['\x1f', undefined],
    ['', undefined],
    ['Nov 25 00:00:00 host', undefined],
  ])('tells how %j is packed', (start, packing) => {
    expect(packingOf(Buffer.from(start, 'latin1'))).toBe(packing);
  });
});
