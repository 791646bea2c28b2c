import { beyondLimits } from '../enforce/beyond-limits.ts';
import { isLiveAt } from '../ledger/hold-rule.ts';
import type { Hold } from '../ledger/ledger.ts';
import type { KernelParts } from '../parts.ts';

interface Parts extends Pick<KernelParts, 'holds'> {
  readonly enforcer: Pick<KernelParts['enforcer'], 'specOf'>;
  readonly routes: Pick<KernelParts['routes'], 'listsOf'>;
}

/** A jail that has matched an address. */
export interface MatchingJail {
  readonly name: string;
  /** It only observes. */
  readonly observed: boolean;
}

/**
 * The hold of a range that blocks an address at a time as well as a ban by the jail would, so that it is not
 * banned twice. What is enforced is never covered by what is only observed.
 */
export function rangeHoldFor(
  parts: Parts,
  jail: MatchingJail,
  target: string,
  at: number,
): Hold | undefined {
  return parts.holds.ranges
    .around(target)
    .find(
      (hold) =>
        at >= hold.since &&
        isLiveAt(hold, at) &&
        (jail.observed || (!hold.observed && standsIn(parts, hold, jail.name))),
    );
}

/** Whether each list of a jail is one that holds the range, or beside one that blocks everything. */
function standsIn({ enforcer, routes }: Parts, hold: Hold, jail: string): boolean {
  const specs = routes.listsOf(hold).flatMap((list) => enforcer.specOf(list) ?? []);
  const holding = specs.filter(
    ({ action, observesOnly }) =>
      !observesOnly && beyondLimits(action.limits, hold.target) === undefined,
  );
  const isTotal = holding.some(({ action: { covers } }) => {
    if (!covers) return false;
    const { local, forwarded, ports, protocols } = covers;
    return local && forwarded && !ports && !protocols;
  });
  return routes
    .listsOf({ via: jail, observed: false })
    .every((list) => isTotal || holding.some(({ key }) => key === list));
}
