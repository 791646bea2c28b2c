import { type ListedEntry, printedTarget } from '@remand/api';
import type { SetPlace } from './layout.ts';

const element =
  /([0-9a-f]*[.:][0-9a-f.:]+)(?: timeout [0-9a-z]+)?(?: expires ([0-9a-z]+))?(?=[,\s}])/g;

/** Reads the elements of `nft list set`: `192.0.2.1 timeout 1h expires 59m59s960ms, …`. */
export function parseSet(listing: string, { family, prefix }: SetPlace): ListedEntry[] {
  const from = listing.indexOf('elements = {');
  if (from < 0) return [];
  const entries: ListedEntry[] = [];
  const suffix = prefix === (family === 4 ? 32 : 128) ? '' : `/${prefix}`;
  element.lastIndex = from;
  for (let found = element.exec(listing); found; found = element.exec(listing)) {
    const [, base = '', expires] = found;
    entries.push({
      target: printedTarget(base) + suffix,
      remainingMs: expires === undefined ? null : parseNftTime(expires),
    });
  }
  return entries;
}

interface SetListing {
  readonly nftables: readonly {
    readonly set?: {
      readonly elem?: readonly (
        | string
        | { readonly elem: { readonly val: string; readonly expires?: number } }
      )[];
    };
  }[];
}

/** Reads the elements of `nft -j list set` (libnftables-json(5)); cut to whole seconds. */
export function parseSetJson(listing: string, { family, prefix }: SetPlace): ListedEntry[] {
  const { nftables } = JSON.parse(listing) as SetListing;
  const suffix = prefix === (family === 4 ? 32 : 128) ? '' : `/${prefix}`;
  const elements = nftables.flatMap(({ set }) => set?.elem ?? []);
  return elements.map((element) => {
    if (typeof element === 'string')
      return { target: printedTarget(element) + suffix, remainingMs: null };
    const { val, expires } = element.elem;
    return {
      target: printedTarget(val) + suffix,
      remainingMs: expires === undefined ? null : expires * 1_000 + 500,
    };
  });
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `1d2h3m4s5ms`, as nft writes it. */
export function parseNftTime(text: string): number {
  let ms = 0;
  for (const [, count, unit = ''] of text.matchAll(/([0-9]+)(ms|[smhd])/g)) {
    ms += Number(count) * (unitMs[unit] ?? 0);
  }
  return ms;
}
