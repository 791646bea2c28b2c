import type { Change, Target } from '@remand/api';
import { type Family, familyNames } from './family.ts';
import type { FilterTable } from './filter-table.ts';
import type { Options } from './options.ts';

/** The verdicts that shorewall's own commands write. */
const verdicts = ['DROP', 'reject', 'logdrop', 'logreject'] as const;

type Verdict = (typeof verdicts)[number];

const entryPattern = /^-A dynamic -s (\S+) -j (DROP|reject|logdrop|logreject)$/;

/** The verdict that stands for an option in this table. */
export function verdictFor(block: Options['block'], { chains }: FilterTable): Verdict {
  if (block !== 'reject') return block === 'drop' ? 'DROP' : 'logdrop';
  // Shorewall merges the chain `reject` into the equal `logreject` when neither logs.
  return chains.has('reject') || !chains.has('logreject') ? 'reject' : 'logreject';
}

/** The addresses that a chain blocks, by rules as `shorewall drop` and its siblings write them. */
export function targetsOf(dynamic: readonly string[], family: Family): ReadonlySet<Target> {
  const targets = new Set<Target>();
  for (const rule of dynamic) {
    const [, range] = entryPattern.exec(rule) ?? [];
    if (range !== undefined) targets.add(withoutWhole(range, family));
  }
  return targets;
}

export interface ChainChange {
  /** For `iptables-restore --noflush`; empty when there is nothing to do. */
  readonly script: string;
  /** The rules of the chain afterwards. */
  readonly rules: readonly string[];
}

/**
 * Enters and removes rule by rule, because a rebuilt chain would lose what the administrator
 * enters at the same time. Of equal rules one removal takes one.
 */
export function changeChain(
  dynamic: readonly string[],
  changes: readonly Change[],
  { family, verdict }: { readonly family: Family; readonly verdict: Verdict },
): ChainChange {
  const wanted = new Map(changes.map(({ op, target }) => [target, op !== 'remove']));
  const there = new Set(dynamic);
  const gone = new Set<string>();
  const added: string[] = [];
  for (const [target, isIn] of wanted) {
    const own = ruleFor(target, verdict, family);
    if (isIn) {
      if (!there.has(own)) added.push(own);
      continue;
    }
    // An entry of ours from before `block` was changed has another verdict.
    const rule = [own, ...verdicts.map((other) => ruleFor(target, other, family))].find((one) =>
      there.has(one),
    );
    if (rule !== undefined) gone.add(rule);
  }
  // In the order of the chain, so that iptables finds each near the front.
  const removed: string[] = [];
  const kept = dynamic.filter((rule) => {
    if (!gone.delete(rule)) return true;
    removed.push(rule);
    return false;
  });
  const lines = [...removed.map((rule) => `-D${rule.slice(2)}`), ...added];
  return {
    script: lines.length === 0 ? '' : ['*filter', ...lines, 'COMMIT', ''].join('\n'),
    rules: [...kept, ...added],
  };
}

function ruleFor(target: Target, verdict: Verdict, family: Family): string {
  const range = target.includes('/') ? target : `${target}${familyNames[family].whole}`;
  return `-A dynamic -s ${range} -j ${verdict}`;
}

function withoutWhole(range: string, family: Family): Target {
  const { whole } = familyNames[family];
  return range.endsWith(whole) ? range.slice(0, -whole.length) : range;
}
