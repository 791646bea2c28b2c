import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseAddress, normaliseTarget } from '../../src/address/normalise.ts';
import { contains, formatRange, overlaps, parseRange } from '../../src/address/parse-target.ts';

const canonical = (text: string) => {
  const range = parseRange(text);
  return range && formatRange(range);
};

describe(parseRange, () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.77/24', '192.0.2.0/24'],
    ['192.0.2.1/32', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1/120', '192.0.2.0/24'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::1/64', '2001:db8::/64'],
    ['2001:db8::1/128', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('reads %s as %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it.each([
    '',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.01',
    '0300.0.2.1',
    '0xc0.0.2.1',
    '3221225985',
    '192.0.2.1/33',
    '192.0.2.1/',
    '192.0.2.1/-1',
    '192.0.2.1/024',
    '192.0.2.1 ',
    'example.com',
    ':::',
    '2001:db8::/129',
    '1'.repeat(100),
    '192.0.2.1\0',
  ])('refuses %j', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.integer({ min: 0, max: 128 }), (address, prefix) => {
        const once = canonical(`${address}/${prefix}`);
        fc.pre(once !== undefined);

        expect(canonical(once ?? '')).toBe(once);
      }),
    );
  });
});

describe(contains, () => {
  const range = (text: string) => {
    const parsed = parseRange(text);
    if (!parsed) throw new Error(text);
    return parsed;
  };

  it.each([
    ['192.0.2.0/24', '192.0.2.9', true],
    ['192.0.2.0/25', '192.0.2.128', false],
    ['192.0.2.9', '192.0.2.0/24', false],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['0.0.0.0/0', '2001:db8::1', false],
  ])('%s holds %s: %s', (outer, inner, expected) => {
    expect(contains(range(outer), range(inner))).toBe(expected);
  });

  it('overlaps in both directions', () => {
    expect(overlaps(range('192.0.2.9'), range('192.0.2.0/24'))).toBe(true);
    expect(overlaps(range('192.0.2.0/24'), range('192.0.2.9'))).toBe(true);
    expect(overlaps(range('192.0.3.0/24'), range('192.0.2.9'))).toBe(false);
  });
});

describe(normaliseAddress, () => {
  it('counts v6 by its /64, and by the one address where that holds a protected one', () => {
    expect(normaliseTarget('2001:db8::5', () => false)).toBe('2001:db8::/64');
    expect(normaliseTarget('2001:db8::5', () => true)).toBe('2001:db8::5');
    expect(normaliseTarget('2001:db8::5/128', () => false)).toBe('2001:db8::5');
  });

  it('counts what NAT64 made of IPv4 addresses one by one', () => {
    expect(normaliseTarget('64:ff9b::c633:6407', () => false)).toBe('64:ff9b::c633:6407');
    expect(normaliseTarget('64:ff9b::198.51.100.7', () => false)).toBe('64:ff9b::c633:6407');
    expect(normaliseTarget('64:ff9b:1::1', () => false)).toBe('64:ff9b:1::/64');
  });

  it('takes no range from a log line', () => {
    expect(normaliseAddress('192.0.2.0/24', () => false)).toBeUndefined();
  });
});
