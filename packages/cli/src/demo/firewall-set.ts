import type { CommandRunner } from '@remand/api';

/** What nftables itself says that it blocks: the first address of an entry, and seconds left. */
export type FirewallSet = ReadonlyMap<string, number | null>;

/** Reads every set of a network namespace; empty when it cannot be read at this moment. */
export async function readFirewallSet(
  commands: CommandRunner,
  namespace: string,
): Promise<FirewallSet> {
  try {
    const argv = ['ip', 'netns', 'exec', namespace, 'nft', '-j', 'list', 'ruleset'];
    const { stdout } = await commands.run(argv, { timeoutMs: 2_000 });
    return elementsOf(JSON.parse(stdout));
  } catch {
    // A demo that blinks is better than one that ends: the next look is a moment away.
    return new Map();
  }
}

/** libnftables-json(5): `{ nftables: [{ set: { elem: [ELEMENT, …] } }, …] }`. */
export function elementsOf(ruleset: unknown): FirewallSet {
  const found = new Map<string, number | null>();
  for (const item of arrayOf(member(ruleset, 'nftables'))) {
    for (const element of arrayOf(member(member(item, 'set'), 'elem'))) {
      const inner = member(element, 'elem');
      const value = inner === undefined ? element : member(inner, 'val');
      const address = member(member(value, 'prefix'), 'addr') ?? value;
      const expires = member(inner, 'expires');
      if (typeof address !== 'string') continue;
      found.set(address, typeof expires === 'number' ? expires : null);
    }
  }
  return found;
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}
