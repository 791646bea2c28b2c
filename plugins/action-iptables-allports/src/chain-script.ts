import type { Target } from '@remand/api';
import type { ChainState } from './chain-state.ts';
import type { Family, Layout } from './layout.ts';
import { deletion, insertion, isEqual } from './rule.ts';

/** Deletions are looked up one by one: beyond this many changes a rebuild costs less. */
const mostByRule = 100;

export interface ChainWanted {
  readonly layout: Layout;
  readonly family: Family;
  /** Whether the addresses are in a set or each in a rule. */
  readonly mode: Mode;
  readonly added: ReadonlySet<Target>;
  readonly removed: ReadonlySet<Target>;
}

export type Mode = 'sets' | 'rules';

/** One transaction for `iptables-restore --noflush`; empty when all is as it should be. */
export function chainScript(state: ChainState, wanted: ChainWanted): string {
  const { added, removed } = wanted;
  const lines = [
    ...(isWellFormed(state, wanted) && added.size + removed.size <= mostByRule
      ? byRule(state, wanted)
      : rebuilt(state, wanted)),
    ...state.jumpFixes,
  ];
  return lines.length === 0 ? '' : ['*filter', ...lines, 'COMMIT', ''].join('\n');
}

/** Removes every trace of a list; empty when there is none. */
export function removalScript(state: ChainState, { chain }: Layout): string {
  const lines = state.jumps.map(deletion);
  if (state.exists) lines.push(`-F ${chain}`, `-X ${chain}`);
  return lines.length === 0 ? '' : ['*filter', ...lines, 'COMMIT', ''].join('\n');
}

/** Whether the chain holds what it should, each rule once and in its order. */
export function isWellFormed(state: ChainState, wanted: ChainWanted): boolean {
  return state.exists && isEqual(state.rules, rulesFor(state, state.entries, wanted));
}

function rulesFor(
  { front, back }: ChainState,
  entries: Iterable<Target>,
  { layout, family, mode }: ChainWanted,
): readonly string[] {
  const own =
    mode === 'sets'
      ? [layout.setRule(family)]
      : Array.from(entries, (target) => layout.entryRule(target, family));
  return [...front, ...own, layout.markRule, ...back];
}

function byRule(state: ChainState, { layout, family, added, removed }: ChainWanted): string[] {
  const { entries, front } = state;
  const place = front.length + 1;
  const gone = [...removed].filter((target) => entries.has(target));
  const fresh = [...added].filter((target) => !entries.has(target));
  return [
    ...gone.map((target) => deletion(layout.entryRule(target, family))),
    ...fresh.map((target) => insertion(layout.entryRule(target, family), place)),
  ];
}

function rebuilt(state: ChainState, wanted: ChainWanted): string[] {
  const entries = state.entries.difference(wanted.removed).union(wanted.added);
  return [`:${wanted.layout.chain} - [0:0]`, ...rulesFor(state, entries, wanted)];
}
