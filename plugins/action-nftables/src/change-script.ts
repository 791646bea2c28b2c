import { isIPv4, isIPv6 } from 'node:net';
import { type Change, InternalError, printable, type TargetParts, targetParts } from '@remand/api';
import { type Layout, type SetPlace, table } from './layout.ts';

interface SetChanges {
  readonly place: SetPlace;
  /** Elements that go in, with their timeout. */
  readonly added: string[];
  /** Elements whose timeout is replaced: their bare addresses, and with the new timeout. */
  readonly extended: { readonly bare: string[]; readonly timed: string[] };
  readonly removed: string[];
}

/** The sets that a batch touches, in the order in which it does. */
export function setsOf(changes: readonly Change[]): readonly SetPlace[] {
  const places = new Map<string, SetPlace>();
  for (const { target } of changes) {
    const { family, prefix } = targetParts(target);
    places.set(`${family}/${prefix}`, { family, prefix });
  }
  return [...places.values()];
}

/**
 * One transaction for a batch. Before Linux 6.12 an `add` of an element that exists ignores its
 * new timeout, and a `delete` of one that expired a moment ago fails the whole batch: so an
 * extension is add, delete, add, and a removal is add, delete.
 */
export function changeScript(changes: readonly Change[], layout: Layout): string {
  const bySet = new Map<string, SetChanges>();
  for (const change of changes) {
    const parts = targetParts(change.target);
    if (!isEnterable(parts))
      throw new InternalError(`"${printable(change.target, 60)}" is no canonical address or range`);
    const { family, prefix, base } = parts;
    const key = layout.setName({ family, prefix });
    let set = bySet.get(key);
    if (!set) {
      set = {
        place: { family, prefix },
        added: [],
        extended: { bare: [], timed: [] },
        removed: [],
      };
      bySet.set(key, set);
    }
    if (change.op === 'remove') set.removed.push(base);
    else if (change.op === 'add') set.added.push(timed(base, change.timeoutMs));
    else {
      set.extended.bare.push(base);
      set.extended.timed.push(timed(base, change.timeoutMs));
    }
  }
  const script: string[] = [];
  for (const [name, { added, extended, removed }] of bySet) {
    const say = (verb: string, elements: readonly string[]) => {
      if (elements.length > 0) {
        script.push(`${verb} element ${table} ${name} { ${elements.join(', ')} }`);
      }
    };
    say('add', [...extended.bare, ...removed]);
    say('delete', [...extended.bare, ...removed]);
    say('add', [...added, ...extended.timed]);
  }
  return `${script.join('\n')}\n`;
}

/**
 * What goes into a script comes from the kernel, canonical; nothing else may. nft would ask the
 * resolver for a name, and a range of all addresses would block everybody.
 */
function isEnterable({ family, base, prefix }: TargetParts): boolean {
  const isAddress = family === 4 ? isIPv4(base) : isIPv6(base) && /^[0-9a-f:]+$/.test(base);
  return (
    isAddress && Number.isInteger(prefix) && prefix >= 1 && prefix <= (family === 4 ? 32 : 128)
  );
}

/** Whole seconds, rounded up: a block ends late, never early. */
function timed(base: string, timeoutMs: number | null): string {
  if (timeoutMs === null) return base;
  const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
  if (seconds <= mostSeconds) return `${base} timeout ${seconds}s`;
  return `${base} timeout ${Math.floor(seconds / 86_400)}d${seconds % 86_400}s`;
}

/** nft 1.0.6 reads eight digits: "value too large" is its answer to 100000000s. */
const mostSeconds = 99_999_999;
