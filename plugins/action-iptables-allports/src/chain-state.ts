import type { Target } from '@remand/api';
import type { FilterTable } from './filter-table.ts';
import { type Family, isAnyJump, type Layout } from './layout.ts';
import { deletion, insertion, isEqual } from './rule.ts';

/** What a table holds of one list. */
export interface ChainState {
  readonly exists: boolean;
  readonly hasMark: boolean;
  readonly entries: ReadonlySet<Target>;
  readonly hasSetRule: boolean;
  /** Rules of others in the chain: those before the first of ours, and the rest. */
  readonly front: readonly string[];
  readonly back: readonly string[];
  /** The chain's rules as they are, to be compared with what they should be. */
  readonly rules: readonly string[];
  /** What puts the jumps in place, empty when they are. */
  readonly jumpFixes: readonly string[];
  /** Jumps of this list, wherever they are. */
  readonly jumps: readonly string[];
  /** Rules that lead to the chain and are not remand's. */
  readonly references: readonly string[];
}

export function chainState(table: FilterTable, layout: Layout, family: Family): ChainState {
  const rules = table.get(layout.chain)?.map((rule) => layout.asWritten(rule));
  const entries = new Set<Target>();
  const front: string[] = [];
  const back: string[] = [];
  let hasMark = false;
  let hasSetRule = false;
  for (const rule of rules ?? []) {
    const target = layout.targetOf(rule, family);
    if (target !== undefined) entries.add(target);
    else if (rule === layout.markRule) hasMark = true;
    else if (layout.isSetRule(rule, family)) hasSetRule = true;
    else if (hasMark || hasSetRule || entries.size > 0) back.push(rule);
    else front.push(rule);
  }
  const elsewhere = [...table].flatMap(([chain, its]) => (chain === layout.chain ? [] : its));
  return {
    exists: rules !== undefined,
    hasMark,
    entries,
    hasSetRule,
    front,
    back,
    rules: rules ?? [],
    jumpFixes: jumpFixes(table, layout),
    jumps: elsewhere.filter((rule) => layout.isJump(rule)),
    references: elsewhere.filter((rule) => layout.leadsHere(rule) && !layout.isJump(rule)),
  };
}

/** Whether a chain of that name is somebody else's. An empty one holds nothing to be lost. */
export function isStranger({ rules, hasMark }: ChainState): boolean {
  return rules.length > 0 && !hasMark;
}

/**
 * Docker leaves DOCKER-USER to others and puts itself in front of everything else in FORWARD. Where
 * nothing leads to that chain it is a remnant.
 */
function hooksOf(table: FilterTable): readonly string[] {
  const isUsed = (table.get('FORWARD') ?? []).some((rule) => rule === '-A FORWARD -j DOCKER-USER');
  return ['INPUT', isUsed && table.has('DOCKER-USER') ? 'DOCKER-USER' : 'FORWARD'];
}

function jumpFixes(table: FilterTable, layout: Layout): readonly string[] {
  const hooks = hooksOf(table);
  return [...new Set([...table.keys(), ...hooks])].flatMap((chain) => {
    const rules = table.get(chain) ?? [];
    const there = rules.filter((rule) => layout.isJump(rule));
    const firstOther = rules.findIndex((rule) => !isAnyJump(rule));
    const inFront = there.filter((rule) => firstOther < 0 || rules.indexOf(rule) < firstOther);
    const wanted = hooks.includes(chain) ? layout.jumps.map((jump) => `-A ${chain} ${jump}`) : [];
    if (isEqual(there, wanted) && isEqual(inFront, wanted)) return [];
    return [...there.map(deletion), ...wanted.toReversed().map((jump) => insertion(jump))];
  });
}
