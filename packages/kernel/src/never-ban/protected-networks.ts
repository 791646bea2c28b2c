import type { NetworkConfig } from '@remand/api';
import { formatRange, withPrefix } from '../address/parse-target.ts';
import type { ProtectedEntry } from './never-ban-set.ts';

const mostNamed = 10;

/**
 * Which ranges escalation can never ban because somebody in them is never banned: one sentence for
 * each, for `remand check` and the start.
 */
export function protectedNetworks(
  { prefixes }: Pick<NetworkConfig, 'prefixes'>,
  entries: readonly ProtectedEntry[],
): readonly string[] {
  const inside = new Map<string, ProtectedEntry>();
  for (const entry of entries) {
    const { range } = entry;
    if (local.some((text) => formatRange(range).startsWith(text))) continue;
    const ranges = (range.family === 4 ? prefixes.v4 : prefixes.v6)
      // Nobody in a wider entry is ever banned, so that nothing escalates there.
      .filter((prefix) => prefix < range.prefix)
      .map((prefix) => formatRange(withPrefix(range, prefix)));
    if (ranges.length > 0)
      inside.set(ranges.join(' and '), inside.get(ranges.join(' and ')) ?? entry);
  }
  const all = [...inside].map(([ranges, { range, why }]) => {
    const be = ranges.includes(' and ') ? 'hold' : 'holds';
    return `network: ${ranges} ${be} ${formatRange(range)} (${why}) and will never be banned as a range`;
  });
  const more = all.length - mostNamed;
  if (more <= 0) return all;
  return [
    ...all.slice(0, mostNamed),
    `network: … and ${more} more that hold somebody who is never banned`,
  ];
}

/** Loopback and link-local addresses, which nobody reaches this machine from. */
const local = ['127.', '0.0.0.0', '::', 'fe80:', '169.254.'];
