import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInside, isNetwork, networksOf, textsInside } from '../../src/address/networks.ts';
import { formatRange, withPrefix } from '../../src/address/parse-target.ts';

const byte = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 }));
const v4 = fc.record({
  family: fc.constant(4 as const),
  bytes: fc.array(byte, { minLength: 4, maxLength: 4 }),
});
// 2000::/3, which is what is in use.
const v6 = fc.record({
  family: fc.constant(6 as const),
  bytes: fc.array(byte, { minLength: 16, maxLength: 16 }).map(([, ...rest]) => [0x20, ...rest]),
});

describe(textsInside.name, () => {
  it('lets nobody out who is inside', () => {
    fc.assert(
      fc.property(
        fc.oneof(v4, v6),
        fc.integer({ min: 0, max: 31 }),
        fc.boolean(),
        ({ family, bytes }, wide, whole) => {
          const width = family === 4 ? 32 : 64;
          const prefix = width - 1 - (wide % (family === 4 ? 16 : 32));
          const address = { family, bytes, prefix: width * (family === 4 ? 1 : 2) };
          const network = withPrefix(address, prefix);
          const inner = whole ? network : withPrefix(address, width);
          const text = formatRange(inner);

          expect(isInside(text, formatRange(network))).toBe(true);
          expect(
            textsInside(network).some(([from, to]) => text >= from && text < to),
            `${text} in ${formatRange(network)}`,
          ).toBe(true);
        },
      ),
      { numRuns: 2_000, seed: 3 },
    );
  });
});

describe(networksOf.name, () => {
  const prefixes = { v4: [24, 20], v6: [56, 48] };

  it.each([
    ['198.51.100.7', ['198.51.100.0/24', '198.51.96.0/20']],
    ['2001:db8:1:203::/64', ['2001:db8:1:200::/56', '2001:db8:1::/48']],
    ['2001:db8::5', []],
    ['198.51.100.0/28', []],
    ['2001:db8::/56', []],
    ['nobody', []],
  ])('gives the ranges around %s', (target, networks) => {
    expect(networksOf(target, prefixes)).toEqual(networks);
  });
});

describe(isNetwork.name, () => {
  it.each([
    ['198.51.100.7', false],
    ['198.51.100.0/24', true],
    ['2001:db8::/64', false],
    ['2001:db8::5', false],
    ['2001:db8::/56', true],
  ])('%s: %s', (target, network) => expect(isNetwork(target)).toBe(network));
});
