/** The addresses of the small world in which promises are tried. */
export const addresses = [
  '192.0.2.1',
  '192.0.2.2',
  '192.0.2.3',
  '198.51.100.1',
  '2001:db8:0:1::5',
  '2001:db8:0:1::6',
  '2001:db8:0:9::5',
  '2001:db8::5',
  '203.0.113.2',
] as const;

/** Never banned by the configuration; the second makes its neighbour in the same /64 count alone. */
export const neverBan = ['203.0.113.1', '2001:db8:0:9::1'] as const;

/** Which of the addresses each target covers, looked up rather than worked out. */
const coverage: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries([...addresses, ...neverBan].map((address) => [address, [address]])),
  '192.0.2.0/24': ['192.0.2.1', '192.0.2.2', '192.0.2.3'],
  '192.0.2.0/31': ['192.0.2.1'],
  '192.0.2.2/31': ['192.0.2.2', '192.0.2.3'],
  '198.51.100.0/24': ['198.51.100.1'],
  '198.51.100.0/31': ['198.51.100.1'],
  '203.0.113.0/24': ['203.0.113.1', '203.0.113.2'],
  '203.0.113.2/31': ['203.0.113.2'],
  '2001:db8::/64': ['2001:db8::5'],
  '2001:db8:0:1::/64': ['2001:db8:0:1::5', '2001:db8:0:1::6'],
  '2001:db8:0:9::/64': ['2001:db8:0:9::5', '2001:db8:0:9::1'],
  '2001:db8::/63': ['2001:db8:0:1::5', '2001:db8:0:1::6', '2001:db8::5'],
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

/** The ranges of some widths around what is counted, the narrowest first. */
export function rangesAround(target: string, widths: readonly string[]): readonly string[] {
  const isCounted = target.includes(':') ? target.endsWith('/64') : !target.includes('/');
  if (!isCounted) return [];
  return widths.flatMap((width) =>
    allTargets.filter((range) => range.endsWith(width) && isInside(target, range)),
  );
}

/** Whether a target lies in a wider range. */
export function isInside(target: string, range: string): boolean {
  const isRange = range.includes('/') && !range.endsWith('/64');
  const inner = covered(target);
  return isRange && target !== range && inner.every((one) => covered(range).includes(one));
}

/** How a person names exactly a target: an address of IPv6 alone means its /64. */
export function typedExactly(target: string): string {
  return target.includes(':') && !target.includes('/') ? `${target}/128` : target;
}
