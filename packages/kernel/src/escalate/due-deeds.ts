import type { RungConfig } from '@remand/api';
import type { AddressRecord, Deed, PastEscalation } from './record-of.ts';

/**
 * What makes a rung escalate at a ban or an escalation that has just been decided, which is in the
 * record: the deeds that it counts in its window, oldest first.
 * With `observedToo` it says what would be, were everything enforced that is only observed.
 * @returns undefined when it does not escalate
 */
export function dueDeeds(
  rung: RungConfig,
  record: AddressRecord,
  given: { readonly trigger: string; readonly observedToo: boolean },
): readonly Deed[] | undefined {
  const deeds = countable(rung, record, given.observedToo);
  const newest = Math.max(...deeds.map(({ at }) => at));
  const within = deeds.filter(({ at }) => newest - at < rung.withinMs);
  const isCounted = within.some(({ id }) => id === given.trigger);
  if (!isCounted || within.length < rung.after) return undefined;
  return within.sort((left, right) => left.at - right.at);
}

function countable(rung: RungConfig, record: AddressRecord, observedToo: boolean): Deed[] {
  const own = record.escalations.filter(
    ({ holder, observed }) => holder === rung.name && (observedToo || !observed),
  );
  const usedUp = new Set(own.flatMap(({ counted }) => counted));
  return deedsFor(rung, record).filter(
    (deed) =>
      (observedToo || !deed.observed) &&
      !usedUp.has(deed.id) &&
      !own.some((escalation) => isWhileHeld(deed, escalation)),
  );
}

function deedsFor(
  { of, jails }: RungConfig,
  { bans, escalations }: AddressRecord,
): readonly Deed[] {
  if (of !== undefined) {
    return escalations.filter(({ holder, mistake }) => holder === of && !mistake);
  }
  return jails ? bans.filter(({ holder }) => jails.includes(holder)) : bans;
}

/** What comes after an escalation and before the end of its hold counts for nothing. */
function isWhileHeld(deed: Deed, { turn, heldUntil }: PastEscalation): boolean {
  return turn < deed.turn && deed.at < heldUntil;
}
