import { isIPv4, isIPv6 } from 'node:net';
import { type Target, targetParts } from '@remand/api';

/**
 * A target as libwrap reads it, see hosts_access(5): `198.51.100.7`, `203.0.113.0/255.255.255.0`
 * (not every libwrap knows `/24`), `[2001:db8::1]`, `[2001:db8::]/64`.
 */
export function clientOf(target: Target): string {
  const { family, base, prefix } = targetParts(target);
  if (family === 6) return prefix === 128 ? `[${base}]` : `[${base}]/${prefix}`;
  return prefix === 32 ? base : `${base}/${maskOf(prefix)}`;
}

/** What `clientOf` wrote, or somebody who meant the same; undefined for anything else. */
export function targetOf(client: string): Target | undefined {
  if (isIPv4(client)) return client;
  const v6 = /^\[([0-9A-Fa-f:.]{2,45})\](?:\/([1-9][0-9]{0,2}))?$/.exec(client);
  if (v6) {
    const [, base = '', width = '128'] = v6;
    if (!isIPv6(base) || Number(width) > 128) return undefined;
    return width === '128' ? base : `${base}/${width}`;
  }
  const [base = '', mask = '', ...rest] = client.split('/');
  const prefix = /^[1-9][0-9]?$/.test(mask) ? Number(mask) : masks.get(mask);
  if (!isIPv4(base) || prefix === undefined || prefix > 32 || rest.length > 0) return undefined;
  return prefix === 32 ? base : `${base}/${prefix}`;
}

/** `24` → `255.255.255.0` */
function maskOf(prefix: number): string {
  return [24, 16, 8, 0].map((shift) => ((0xffff_ffff << (32 - prefix)) >>> shift) & 255).join('.');
}

const masks: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 32 }, (_, index) => [maskOf(index + 1), index + 1]),
);
