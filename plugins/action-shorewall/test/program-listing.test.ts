import { describe, expect, it } from 'vitest';
import { parseListing } from '../src/program-listing.ts';

const chain = `Shorewall 5.2.8 blacklist chains at gate - Wed Nov 25 00:43:06 UTC 2026

Chain dynamic (1 references)
 pkts bytes target     prot opt in     out     source               destination
    0     0 DROP       0    --  *      *       198.51.100.7         0.0.0.0/0
   1K   12M logdrop    all  --  *      *       203.0.113.0/24       0.0.0.0/0
    0     0 ACCEPT     0    --  *      *       198.51.100.8         0.0.0.0/0
    0     0 DROP       tcp  --  *      *       198.51.100.9         0.0.0.0/0            tcp dpt:22
    0     0 DROP       0    --  *      *       0.0.0.0/0            198.51.100.10
    0     0 DROP       0    --  *      *       0.0.0.0/0            0.0.0.0/0

Chain other~ (1 references)
 pkts bytes target     prot opt in     out     source               destination
    0     0 DROP       0    --  *      *       198.51.100.11        0.0.0.0/0
`;

describe(parseListing, () => {
  it('reads the chain, and of it the entries alone', () => {
    const { hasChain, hasSet, targets } = parseListing(chain);

    expect({ hasChain, hasSet }).toEqual({ hasChain: true, hasSet: false });
    expect([...targets]).toEqual(['198.51.100.7', '203.0.113.0/24']);
  });

  it('reads IPv6, whose column of options can be empty', () => {
    const text = `Chain dynamic (1 references)
 pkts bytes target     prot opt in     out     source               destination
    0     0 reject     0    --  *      *       2001:db8::1          ::/0
    0     0 DROP       all      *      *       2001:db8:1::/64      ::/0
`;

    expect([...parseListing(text).targets]).toEqual(['2001:db8::1', '2001:db8:1::/64']);
  });

  it('reads the set', () => {
    const text = 'Dynamic:\n198.51.100.0/24 timeout 533 packets 0 bytes 0\n198.51.100.1\n\n';

    const { hasChain, hasSet, targets } = parseListing(text);

    expect({ hasChain, hasSet }).toEqual({ hasChain: false, hasSet: true });
    expect([...targets]).toEqual(['198.51.100.0/24', '198.51.100.1']);
  });

  it('takes no long line for a reason to think long', () => {
    const before = performance.now();

    parseListing(`Chain dynamic (1\n${' '.repeat(50_000)}x\n${'0 '.repeat(50_000)}\n`);

    expect(performance.now() - before).toBeLessThan(2_000);
  });
});
