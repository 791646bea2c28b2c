import type { Target } from '@remand/api';
import type { DesiredState } from './enforce/list-spec.ts';
import type { Holds } from './holds/holds.ts';
import type { Hold } from './ledger/ledger.ts';

/** `via` of a hold that is on one list only, found there after the ledger was lost. */
export const viaList = (list: string): string => `list:${list}`;

/** Which holds are on which lists, and so what each list should hold. */
export class Routes implements DesiredState {
  readonly #holds: Holds;
  readonly #listsOfJail: ReadonlyMap<string, readonly string[]>;
  readonly #adminLists: readonly string[];
  readonly #forbids: (target: Target) => boolean;

  constructor(given: {
    readonly holds: Holds;
    readonly listsOfJail: ReadonlyMap<string, readonly string[]>;
    readonly adminLists: readonly string[];
    /** Whether the never-ban set has an address in common with a target. */
    readonly forbids: (target: Target) => boolean;
  }) {
    this.#holds = given.holds;
    this.#listsOfJail = given.listsOfJail;
    this.#adminLists = given.adminLists;
    this.#forbids = given.forbids;
  }

  /** The lists that a hold is on; none for an observed one. */
  listsOf(hold: Pick<Hold, 'via' | 'observed'>): readonly string[] {
    if (hold.observed) return [];
    if (hold.via === '') return this.#adminLists;
    if (hold.via.startsWith('list:')) return [hold.via.slice('list:'.length)];
    return this.#listsOfJail.get(hold.via) ?? [];
  }

  until(list: string, target: Target): number | null | undefined {
    const until = longest(this.#holds.of(target).filter((hold) => this.#isOn(hold, list)));
    return until === undefined || this.#forbids(target) ? undefined : until;
  }

  /** Holds that the never-ban set forbids were lifted when it changed: nothing is checked here. */
  *entries(list: string): Iterable<readonly [Target, number | null]> {
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
