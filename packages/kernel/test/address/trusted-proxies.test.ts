import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrustedProxies } from '../../src/address/trusted-proxies.ts';

const proxies = new TrustedProxies(['10.0.0.0/8', '2001:db8:1::/48', '192.0.2.1']);

describe(TrustedProxies.name, () => {
  it.each([
    // The peer is nobody's proxy: it is blamed, whatever it claims.
    ['198.51.100.7', '203.0.113.9', '198.51.100.7'],
    ['198.51.100.7', undefined, '198.51.100.7'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['::ffff:10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['10.0.0.1', '203.0.113.9, 198.51.100.7', '198.51.100.7'],
    ['10.0.0.1', '203.0.113.9, 198.51.100.7, 10.0.0.2, 192.0.2.1', '198.51.100.7'],
    ['2001:db8:1::5', '[2001:db8:2::7]:50100', '2001:db8:2::7'],
    ['10.0.0.1', '198.51.100.7:50100', '198.51.100.7'],
    ['10.0.0.1', ' 198.51.100.7 ', '198.51.100.7'],
    // Nobody sure.
    ['10.0.0.1', 'unknown', '10.0.0.1'],
    ['10.0.0.1', '203.0.113.9, unknown', '10.0.0.1'],
    ['10.0.0.1', '', '10.0.0.1'],
    ['10.0.0.1', '-', '10.0.0.1'],
    ['10.0.0.1', '198.51.100.0/24', '10.0.0.1'],
    ['10.0.0.1', '10.0.0.2, 10.0.0.3', '10.0.0.1'],
    ['10.0.0.1', '203.0.113.9,,', '10.0.0.1'],
    ['host.example.net', '198.51.100.7', 'host.example.net'],
  ])('behind %s with %j blames %s', (address, forwardedFor, blamed) => {
    const match = forwardedFor === undefined ? { address } : { address, forwardedFor };

    expect(proxies.clientOf(match)).toBe(blamed);
  });

  it('believes nothing that a client has written before what the proxy saw', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (written) => {
        const forwardedFor = `${written}, 198.51.100.7`;

        expect(proxies.clientOf({ address: '10.0.0.1', forwardedFor })).toBe('198.51.100.7');
      }),
    );
  });

  it('trusts nobody unless told', () => {
    const match = { address: '10.0.0.1', forwardedFor: '198.51.100.7' };

    expect(new TrustedProxies().clientOf(match)).toBe('10.0.0.1');
  });
});
