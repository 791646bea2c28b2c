import { type Change, type Target, targetParts } from '@remand/api';
import { type Family, families } from './layout.ts';

/** A batch for one family, where rules have no times. */
export interface FamilyChanges {
  readonly added: Set<Target>;
  readonly removed: Set<Target>;
}

export const unchanged: FamilyChanges = { added: new Set(), removed: new Set() };

/** Of several changes of one target the last counts. */
export function splitByFamily(changes: readonly Change[]): ReadonlyMap<Family, FamilyChanges> {
  const split = new Map<Family, FamilyChanges>(
    families.map((family) => [family, { added: new Set(), removed: new Set() }]),
  );
  for (const { op, target } of changes) {
    const its = split.get(targetParts(target).family);
    (op === 'remove' ? its?.added : its?.removed)?.delete(target);
    (op === 'remove' ? its?.removed : its?.added)?.add(target);
  }
  return split;
}
