import type { Target } from '@remand/api';
import { contains, formatRange, parseRange, type Range, withPrefix } from './parse-target.ts';

/** v6 addresses are counted and banned by the network that one customer usually gets. */
const v6Width = 64;

/** RFC 6052: behind it stands an IPv4 address, so that its /64 is all of them. */
const translated: Range = {
  family: 6,
  bytes: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  prefix: 96,
};

/** Tells whether a /64 must not be taken as a whole. */
export type HoldsProtected = (range: Range) => boolean;

/**
 * What an address is counted and banned as: v4 as it is, v6 as its /64, or as the one address
 * when that /64 holds a never-ban entry, or when NAT64 made it of an IPv4 address.
 * @returns undefined when `text` is no address (a host name, a range)
 */
export function normaliseAddress(text: string, holdsProtected: HoldsProtected): Range | undefined {
  const range = parseAddress(text);
  if (!range) return undefined;
  if (range.family === 4) return range;
  if (contains(translated, range)) return range;
  const network = withPrefix(range, v6Width);
  return holdsProtected(network) ? range : network;
}

/** One address as it stands in a line; undefined for anything else, also a range. */
export function parseAddress(text: string): Range | undefined {
  return text.includes('/') ? undefined : parseRange(text);
}

/**
 * The same for what a person typed: `/128` means the one address, another prefix a range.
 * @returns undefined when it is neither an address nor a range
 */
export function normaliseTarget(text: string, holdsProtected: HoldsProtected): Target | undefined {
  if (!text.includes('/')) {
    const range = normaliseAddress(text, holdsProtected);
    return range && formatRange(range);
  }
  const range = parseRange(text);
  return range && formatRange(range);
}
