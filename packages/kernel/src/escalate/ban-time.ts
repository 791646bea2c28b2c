import type { JailConfig } from '@remand/api';

type Times = Pick<JailConfig, 'banTimeMs' | 'banGrowth'>;

/**
 * How long a jail bans an address for the `number`-th time, in ms; null is for ever. The jitter
 * comes from the address and the number, so that a replay and a restart decide the same.
 */
export function banTime(
  { banTimeMs, banGrowth }: Times,
  address: string,
  number: number,
): number | null {
  if (banTimeMs === null || !banGrowth) return banTimeMs;
  const { factor, maxMs, jitter } = banGrowth;
  const grown = banTimeMs * factor ** (number - 1);
  const longer = grown * (1 + jitter * fractionOf(`${address} ${number}`));
  return Math.round(Math.min(maxMs, longer));
}

/** The longest ban of a jail, in ms; 0 for one that only bans for ever. */
export function longestBan({ banTimeMs, banGrowth }: Times): number {
  return Math.max(banTimeMs ?? 0, banGrowth?.maxMs ?? 0);
}

/** 0 to 1 from a text, spread evenly: FNV-1a (draft-eastlake-fnv) with a last mixing. */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
