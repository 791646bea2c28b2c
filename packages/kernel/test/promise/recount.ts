import type { Ban } from './ban.ts';
import type { NetworkRule, RungRule } from './rules.ts';
import { isInside, rangesAround } from './world-map.ts';

/** Counts again from the beginning what a rung counts of an address. */
export function countedByRung(
  bans: readonly Ban[],
  rung: RungRule,
  { target, observed }: { readonly target: string; readonly observed: boolean },
): readonly Ban[] {
  const mine = bans.filter(
    (one) =>
      one.by === 'rung' &&
      one.holder === rung.name &&
      one.target === target &&
      (observed || !one.observed),
  );
  const isOfItsKind = (one: Ban) =>
    rung.of === undefined
      ? one.by === 'jail' && (rung.jails?.includes(one.holder) ?? true)
      : one.by === 'rung' && one.holder === rung.of;
  const wasHeld = (one: Ban) =>
    mine.some(
      (hold) =>
        bans.indexOf(hold) < bans.indexOf(one) &&
        one.at < Math.min(hold.until, hold.lifted ?? hold.until),
    );
  const counts = bans.filter(
    (one) =>
      one.target === target &&
      isOfItsKind(one) &&
      !one.mistaken &&
      (observed || !one.observed) &&
      !mine.some(({ counted }) => counted.includes(one)) &&
      !wasHeld(one),
  );
  const newest = Math.max(...counts.map(({ at }) => at));
  return counts.filter(({ at }) => newest - at < rung.withinMs);
}

/** Counts again from the beginning what is banned of a range: each address and narrower range once. */
export function countedInRange(
  bans: readonly Ban[],
  network: NetworkRule,
  { range, observed }: { readonly range: string; readonly observed: boolean },
): readonly Ban[] {
  const ranges = bans.filter((one) => one.by === 'network' && (observed || !one.observed));
  const isBefore = (one: Ban, other: Ban) => bans.indexOf(one) < bans.indexOf(other);
  const covers = (hold: Ban, one: Ban) =>
    isBefore(hold, one) && one.at < Math.min(hold.until, hold.lifted ?? hold.until);
  const mine = ranges.filter(({ target }) => target === range);
  const narrower = ranges.filter(
    (one) => isInside(one.target, range) && !one.refused && !one.mistaken,
  );
  const isAddress = (one: Ban) =>
    one.by === 'jail' &&
    (network.jails?.includes(one.holder) ?? true) &&
    rangesAround(one.target, network.widths).includes(range) &&
    !one.mistaken &&
    (observed || !one.observed) &&
    // Whoever lies in any range that is held is not counted anywhere.
    !bans.some(
      (hold) =>
        hold.by === 'network' &&
        !hold.observed &&
        rangesAround(one.target, network.widths).includes(hold.target) &&
        covers(hold, one),
    );
  const usedUp = [...mine, ...narrower].flatMap(({ counted }) => counted);
  const all = [...bans.filter(isAddress), ...narrower].filter(
    (one) => !mine.some((hold) => covers(hold, one)),
  );
  // Each counts by its newest ban alone.
  const counts = all.filter(
    (one) =>
      !usedUp.includes(one) &&
      !all.some((other) => other.target === one.target && isBefore(one, other)),
  );
  const newest = Math.max(...counts.map(({ at }) => at));
  return counts.filter(({ at }) => newest - at < network.withinMs);
}
