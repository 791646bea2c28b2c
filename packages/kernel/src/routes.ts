import type { Target } from '@remand/api';
import type { DesiredState } from './enforce/list-spec.ts';
import type { Holds } from './holds/holds.ts';
import type { Hold } from './ledger/ledger.ts';

/** `via` of a hold that is on one list only, found there after the ledger was lost. */
export const viaList = (list: string): string => `list:${list}`;

/** Which lists there are, and whose holds go where. */
export interface Places {
  /** Of jails and rungs, with those of removed ones that still have holds. */
  readonly listsOfHolder: ReadonlyMap<string, readonly string[]>;
  /** The lists that the default actions make for `admin`. */
  readonly adminLists: readonly string[];
  /** The keys of all lists that are enforced. */
  readonly lists: ReadonlySet<string>;
}

/** Which holds are on which lists, and so what each list should hold. */
export class Routes implements DesiredState {
  readonly #holds: Holds;
  readonly #forbids: (target: Target) => boolean;

  #places: Places;
  /** What is to be in force when these lists hold everything. */
  #next: { readonly places: Places; readonly awaited: ReadonlySet<string> } | undefined;

  constructor(given: {
    readonly holds: Holds;
    readonly places: Places;
    /** Whether the never-ban set has an address in common with a target. */
    readonly forbids: (target: Target) => boolean;
  }) {
    this.#holds = given.holds;
    this.#places = given.places;
    this.#forbids = given.forbids;
  }

  /**
   * Other lists from now on; who enforces them has to be told. Holds stay on lists that they leave
   * until `settle`, or they would be on none for a while.
   */
  adopt(places: Places): void {
    const awaited = new Set<string>();
    const both = (before: readonly string[], now: readonly string[]) => {
      const left = before.filter((list) => places.lists.has(list) && !now.includes(list));
      if (left.length > 0) for (const list of now) awaited.add(list);
      return [...now, ...left];
    };
    const { listsOfHolder, adminLists } = this.#places;
    const holders = [...places.listsOfHolder].map(
      ([holder, now]) => [holder, both(listsOfHolder.get(holder) ?? [], now)] as const,
    );
    this.#places = {
      listsOfHolder: new Map(holders),
      adminLists: both(adminLists, places.adminLists),
      lists: places.lists,
    };
    this.#next = awaited.size > 0 ? { places, awaited } : undefined;
  }

  /**
   * Lets holds go from the lists that they leave, if those that they go to hold everything.
   * @returns the lists that hold too much now; none when there is nothing to do yet
   */
  settle(hasSettled: (list: string) => boolean): readonly string[] {
    const next = this.#next;
    if (!next || ![...next.awaited].every(hasSettled)) return [];
    this.#next = undefined;
    const before = [...next.places.lists].map((list) => [list, this.holdersOf(list).size] as const);
    this.#places = next.places;
    return before.flatMap(([list, holders]) => (this.holdersOf(list).size < holders ? [list] : []));
  }

  /** Whose holds are on a list: jails and rungs by their names, '' for those of the default actions. */
  holdersOf(list: string): ReadonlySet<string> {
    const { listsOfHolder, adminLists } = this.#places;
    const holders = [...listsOfHolder].filter(([, lists]) => lists.includes(list));
    return new Set([
      ...holders.map(([holder]) => holder),
      ...(adminLists.includes(list) ? [''] : []),
    ]);
  }

  /**
   * The lists that a hold is on; none for an observed one. The hold of a jail or a rung that was removed can
   * be on lists that are not configured any more.
   */
  listsOf(hold: Pick<Hold, 'via' | 'observed'>): readonly string[] {
    if (hold.observed) return [];
    if (hold.via === '') return this.#places.adminLists;
    if (hold.via.startsWith('list:')) return [hold.via.slice('list:'.length)];
    return this.#places.listsOfHolder.get(hold.via) ?? [];
  }

  /** How many holds each holder has that ought to be enforced and are on no list any more. */
  stranded(): ReadonlyMap<string, number> {
    const { lists } = this.#places;
    const counts = new Map<string, number>();
    for (const hold of this.#holds.all()) {
      if (hold.observed || this.listsOf(hold).some((list) => lists.has(list))) continue;
      counts.set(hold.holder, (counts.get(hold.holder) ?? 0) + 1);
    }
    return counts;
  }

  /** Whether anybody holds a target, on whatever list. */
  isHeld(target: Target): boolean {
    return this.#holds.of(target).some(({ observed }) => !observed);
  }

  until(list: string, target: Target): number | null | undefined {
    if (!this.#places.lists.has(list)) return undefined;
    const until = longest(this.#holds.of(target).filter((hold) => this.#isOn(hold, list)));
    return until === undefined || this.#forbids(target) ? undefined : until;
  }

  /** Holds that the never-ban set forbids were lifted when it changed: nothing is checked here. */
  *entries(list: string): Iterable<readonly [Target, number | null]> {
    if (!this.#places.lists.has(list)) return;
    const seen = new Set<Target>();
    for (const hold of this.#holds.all()) {
      if (!this.#isOn(hold, list)) continue;
      const all = this.#holds.of(hold.target);
      if (all.length > 1) {
        if (seen.has(hold.target)) continue;
        seen.add(hold.target);
      }
      const until = longest(all.filter((one) => this.#isOn(one, list)));
      if (until !== undefined) yield [hold.target, until];
    }
  }

  #isOn(hold: Hold, list: string): boolean {
    return this.listsOf(hold).includes(list);
  }
}

/** The latest end; null when one is for ever, undefined when there is none. */
export function longest(holds: readonly Pick<Hold, 'until'>[]): number | null | undefined {
  let until: number | null | undefined;
  for (const hold of holds) {
    if (hold.until === null) return null;
    if (until === undefined || (until !== null && hold.until > until)) until = hold.until;
  }
  return until;
}
