import type { NetworkConfig, Target } from '@remand/api';
import { contains, formatRange, parseRange, type Range, withPrefix } from './parse-target.ts';

type Prefixes = NetworkConfig['prefixes'];

/** What v6 is counted by: one that is narrower lies beside a never-ban entry. */
const v6Address = 64;

/**
 * The ranges around an address that can be held, the narrowest first; none for what does not count: a
 * range, and a single v6 address, whose /64 holds somebody who is never banned.
 */
export function networksOf(target: Target, { v4, v6 }: Prefixes): readonly Target[] {
  const range = parseRange(target);
  if (!range || range.prefix !== (range.family === 4 ? 32 : v6Address)) return [];
  const prefixes = range.family === 4 ? v4 : v6;
  return prefixes.map((prefix) => formatRange(withPrefix(range, prefix)));
}

/** Whether a target is a range in the eyes of who bans addresses: wider than one v4 or one /64. */
export function isNetwork(target: Target): boolean {
  const slash = target.indexOf('/');
  if (slash < 0) return false;
  return !target.includes(':') || Number(target.slice(slash + 1)) < v6Address;
}

/** Whether an address or a range lies in a network or is that network. */
export function isInside(target: Target, network: Target): boolean {
  const outer = parseRange(network);
  const inner = parseRange(target);
  return outer !== undefined && inner !== undefined && contains(outer, inner);
}

/**
 * Between which texts (`from` ≤ text < `to`) every address and range inside a range stands, as
 * `formatRange` writes them; others may too.
 */
export function textsInside(range: Range): readonly (readonly [from: string, to: string])[] {
  const { family, bytes, prefix } = range;
  if (family === 4) {
    const start = `${bytes.slice(0, prefix >> 3).join('.')}.`;
    return [[start, after(start)]];
  }
  const groups = Array.from({ length: prefix >> 4 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  const full = `${groups.join(':')}:`;
  const texts: (readonly [string, string])[] = [[full, after(full)]];
  // RFC 5952: groups of zero at the end of a network are part of its `::`.
  while (groups.at(-1) === '0') groups.pop();
  const short = `${groups.join(':')}::/`;
  if (!short.startsWith(full)) texts.push([short, after(short)]);
  return texts;
}

/** The first text behind all that begin with `text`. */
function after(text: string): string {
  return text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1);
}
