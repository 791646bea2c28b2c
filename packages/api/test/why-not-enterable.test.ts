import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whyNotEnterable } from '../src/index.ts';

describe(whyNotEnterable.name, () => {
  it.each([
    '198.51.100.1',
    '0.0.0.0',
    '198.51.100.0/24',
    '::',
    '::1',
    '2001:db8::1',
    '2001:db8:0:1::/64',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7::',
  ])('lets %s in', (target) => {
    expect(whyNotEnterable(target)).toBeUndefined();
  });

  it.each([
    '',
    '-F',
    '--help',
    'localhost',
    'fed.de',
    'fe80::1%eth0',
    '198.51.100.999',
    '198.51.100.01',
    '198.51.100',
    '198.51.100.1.',
    '198.51.100.1/33',
    '198.51.100.1/24/8',
    '198.51.100.1/',
    '198.51.100.1 timeout 0',
    '198.51.100.1\n',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7',
    '1::2::3',
    ':1::',
    ':::',
    '2001:db8::g',
    '2001:DB8::1',
    '::ffff:198.51.100.1',
    '2001:db8::1/129',
  ])('says of %j that it is no canonical address', (target) => {
    expect(whyNotEnterable(target)).toMatch(/is no canonical address$/);
  });

  it.each(['0.0.0.0/0', '::/0'])('lets nobody block everybody by %s', (target) => {
    expect(whyNotEnterable(target)).toBe('a range of all addresses is not entered');
  });

  it('says the same of addresses as Node does', () => {
    const text = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.stringMatching(/^[0-9a-f.:]{1,20}$/),
      fc.stringMatching(/^(?:[0-9a-f]{0,4}:){1,8}[0-9a-f]{0,4}$/),
    );

    fc.assert(
      fc.property(text, (address) => {
        const isCanonical = isIPv4(address) || (isIPv6(address) && !/[.A-F]/.test(address));

        expect(whyNotEnterable(address) === undefined).toBe(isCanonical);
      }),
    );
  });
});
