import type { ActionLimits, Target } from '@remand/api';

/** Why an action can never enter a target, or undefined if it can. */
export function beyondLimits(
  { families, ranges }: Pick<ActionLimits, 'families' | 'ranges'>,
  target: Target,
): string | undefined {
  const family = target.includes(':') ? 6 : 4;
  if (!families.includes(family)) return `this action does not block IPv${family}`;
  if (!ranges && target.includes('/')) return 'this action blocks single addresses, not ranges';
  return undefined;
}
