import { describe, expect, it } from 'vitest';
import { clientOf, targetOf } from '../src/client.ts';

const pairs: readonly (readonly [string, string])[] = [
  ['198.51.100.7', '198.51.100.7'],
  ['203.0.113.0/24', '203.0.113.0/255.255.255.0'],
  ['198.18.0.0/15', '198.18.0.0/255.254.0.0'],
  ['128.0.0.0/1', '128.0.0.0/128.0.0.0'],
  ['198.51.100.6/31', '198.51.100.6/255.255.255.254'],
  ['2001:db8::1', '[2001:db8::1]'],
  ['2001:db8:0:1::/64', '[2001:db8:0:1::]/64'],
];

describe(clientOf, () => {
  it.each(pairs)('writes %s as %s', (target, client) => {
    expect(clientOf(target)).toBe(client);
  });
});

describe(targetOf, () => {
  it.each(pairs)('reads back %s from %s', (target, client) => {
    expect(targetOf(client)).toBe(target);
  });

  it.each([
    ['203.0.113.0/24', '203.0.113.0/24'],
    ['198.51.100.7/32', '198.51.100.7'],
    ['198.51.100.7/255.255.255.255', '198.51.100.7'],
    ['[2001:db8::1]/128', '2001:db8::1'],
  ])('reads %s, which somebody else wrote, as %s', (client, target) => {
    expect(targetOf(client)).toBe(target);
  });

  it.each([
    'ALL',
    'localhost',
    '.example.org',
    '198.51.100.',
    '198.51.100.999',
    '198.51.100.0/0',
    '198.51.100.0/33',
    '198.51.100.0/255.0.255.0',
    '198.51.100.0/24/24',
    '2001:db8::1',
    '[2001:db8::1',
    '[2001:db8::g]',
    '[2001:db8::]/0',
    '[2001:db8::]/129',
    '[fe80::1%eth0]',
  ])('takes %s for no address', (client) => {
    expect(targetOf(client)).toBeUndefined();
  });
});
