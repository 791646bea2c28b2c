import type { Target } from '@remand/api';
import ipaddr from 'ipaddr.js';

/** An address or range as numbers, for containment. */
export interface Range {
  readonly family: 4 | 6;
  readonly bytes: readonly number[];
  /** Bits of the network: 32 or 128 for one address. */
  readonly prefix: number;
}

const dottedQuad =
  /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])$/;

/**
 * Reads an address or `address/prefix`, strictly: four decimal parts without leading zeros, or
 * RFC 4291 text. A v4-mapped v6 address becomes v4; zones (`fe80::1%eth0`) are dropped; host bits
 * of a range are cleared.
 * @returns undefined for anything else
 */
export function parseRange(text: string): Range | undefined {
  if (text.length > 64) return undefined;
  const slash = text.indexOf('/');
  const host = slash < 0 ? text : text.slice(0, slash);
  const width = slash < 0 ? undefined : text.slice(slash + 1);
  if (width !== undefined && !/^(?:0|[1-9][0-9]{0,2})$/.test(width)) return undefined;
  let address: ipaddr.IPv4 | ipaddr.IPv6;
  if (dottedQuad.test(host)) {
    const bytes = host.split('.').map(Number);
    if (width === undefined) return { family: 4, bytes, prefix: 32 };
    address = new ipaddr.IPv4(bytes);
  } else if (host.includes(':') && ipaddr.IPv6.isValid(host)) address = ipaddr.IPv6.parse(host);
  else return undefined;
  let prefix = width === undefined ? undefined : Number(width);
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()) {
    if (prefix !== undefined) {
      if (prefix < 96) return undefined;
      prefix -= 96;
    }
    address = address.toIPv4Address();
  }
  const family = address instanceof ipaddr.IPv4 ? 4 : 6;
  const most = family === 4 ? 32 : 128;
  if (prefix !== undefined && prefix > most) return undefined;
  return { family, bytes: masked(address.toByteArray(), prefix ?? most), prefix: prefix ?? most };
}

/** The canonical text of a range (RFC 5952 for v6); one address has no prefix. */
export function formatRange(range: Range): Target {
  const bytes = [...range.bytes];
  const address =
    range.family === 4
      ? new ipaddr.IPv4(bytes).toString()
      : new ipaddr.IPv6(bytes).toRFC5952String();
  return range.prefix === (range.family === 4 ? 32 : 128) ? address : `${address}/${range.prefix}`;
}

/** Narrows or widens a range to `prefix` bits. */
export function withPrefix(range: Range, prefix: number): Range {
  return { family: range.family, bytes: masked(range.bytes, prefix), prefix };
}

/** True when `outer` holds all of `inner`. */
export function contains(outer: Range, inner: Range): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  return sameBits(outer.bytes, inner.bytes, outer.prefix);
}

/** True when the two have an address in common. */
export function overlaps(left: Range, right: Range): boolean {
  if (left.family !== right.family) return false;
  return sameBits(left.bytes, right.bytes, Math.min(left.prefix, right.prefix));
}

function sameBits(left: readonly number[], right: readonly number[], bits: number): boolean {
  const whole = bits >> 3;
  for (let index = 0; index < whole; index++) if (left[index] !== right[index]) return false;
  const rest = bits & 7;
  if (rest === 0) return true;
  const mask = (0xff << (8 - rest)) & 0xff;
  return ((left[whole] ?? 0) & mask) === ((right[whole] ?? 0) & mask);
}

function masked(bytes: readonly number[], prefix: number): number[] {
  return bytes.map((byte, index) => {
    const bits = Math.min(8, Math.max(0, prefix - index * 8));
    return byte & ((0xff << (8 - bits)) & 0xff);
  });
}
