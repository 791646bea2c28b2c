/** The addresses of the small world in which promises are tried. */
export const addresses = [
  '192.0.2.1',
  '192.0.2.2',
  '198.51.100.1',
  '2001:db8:0:1::5',
  '2001:db8:0:1::6',
  '2001:db8:0:9::5',
] as const;

/** Never banned by the configuration; the second makes its neighbour in the same /64 count alone. */
export const neverBan = ['203.0.113.1', '2001:db8:0:9::1'] as const;

/** Which of the addresses each target covers, looked up rather than worked out. */
const coverage: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries([...addresses, ...neverBan].map((address) => [address, [address]])),
  '192.0.2.0/24': ['192.0.2.1', '192.0.2.2'],
  '192.0.2.2/31': ['192.0.2.2'],
  '198.51.100.0/24': ['198.51.100.1'],
  '203.0.113.0/24': ['203.0.113.1'],
  '2001:db8:0:1::/64': ['2001:db8:0:1::5', '2001:db8:0:1::6'],
  '2001:db8:0:9::/64': ['2001:db8:0:9::5', '2001:db8:0:9::1'],
  '2001:db8::/63': ['2001:db8:0:1::5', '2001:db8:0:1::6'],
};

/** Everything that can be held, as remand writes it. */
export const allTargets: readonly string[] = Object.keys(coverage);

/** What else a person can type: the one address, not its /64. */
export const oneAddress = '2001:db8:0:1::5/128';

export function covered(target: string): readonly string[] {
  return coverage[target] ?? [];
}

export function overlap(one: string, other: string): boolean {
  return covered(one).some((address) => covered(other).includes(address));
}

/** The /64 of an address of IPv6. */
export function networkOf(address: string): string | undefined {
  return allTargets.find((target) => target.endsWith('/64') && covered(target).includes(address));
}

/** How a person names exactly a target: an address of IPv6 alone means its /64. */
export function typedExactly(target: string): string {
  return target.includes(':') && !target.includes('/') ? `${target}/128` : target;
}
