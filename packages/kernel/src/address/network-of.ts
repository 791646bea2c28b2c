import { formatRange, parseRange, withPrefix } from './parse-target.ts';

const networkBits = { 4: 24, 6: 48 } as const;

/** The /24 of an address or range, of IPv6 the /48; a range that is wider stays as it is. */
export function networkOf(target: string): string | undefined {
  const range = parseRange(target);
  if (!range) return undefined;
  const bits = Math.min(range.prefix, networkBits[range.family]);
  return formatRange(withPrefix(range, bits));
}
