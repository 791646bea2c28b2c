import type { RungConfig } from '@remand/api';

/** A ban or an escalation that rungs may count. */
export interface Deed {
  readonly id: string;
  /** The jail or the rung. */
  readonly holder: string;
  readonly at: number;
  readonly observed: boolean;
  /** Of deeds with the same one only the newest counts. */
  readonly member?: string;
}

/** How many deeds within which time are enough. */
export type CountRule = Pick<RungConfig, 'after' | 'withinMs'>;

/** More than any rung can want. */
const most = 10_000;

/**
 * What one rung counts of one address: what is within its window and was not used up. What is
 * enforced does not depend on what is only observed, so that there are two counts: one of what is
 * enforced, and one of everything, for what would be.
 */
export class RungCount {
  readonly #rung: CountRule;
  /** Oldest first, like the other. */
  #enforced: Deed[] = [];
  /** Missing as long as it is the same. */
  #all: Deed[] | undefined;
  /** Until when its own hold covers the address, in ms since the epoch. */
  #heldUntil = Number.NEGATIVE_INFINITY;
  #observedUntil = Number.NEGATIVE_INFINITY;

  constructor(rung: CountRule) {
    this.#rung = rung;
  }

  /**
   * Counts a deed, unless its own hold covers it.
   * @param member of the count of everything, where it is another one
   */
  add(deed: Deed, member: string | undefined = deed.member): void {
    const { withinMs } = this.#rung;
    if (deed.observed) this.#all ??= [...this.#enforced];
    const { at } = deed;
    if (at < this.#heldUntil) return;
    if (!deed.observed) push(this.#enforced, deed, withinMs);
    if (!this.#all || at < this.#observedUntil) return;
    push(this.#all, member === undefined ? deed : { ...deed, member }, withinMs);
  }

  /**
   * What makes the rung escalate at a deed that was just added: all that it counts, oldest first.
   * @returns undefined when it does not escalate
   */
  due(trigger: string, what: 'enforced' | 'all'): readonly Deed[] | undefined {
    const deeds = what === 'all' && this.#all ? this.#all : this.#enforced;
    if (deeds.length < this.#rung.after) return undefined;
    if (!deeds.some(({ id }) => id === trigger)) return undefined;
    return [...deeds];
  }

  /** The rung has escalated. */
  escalated(
    counted: readonly string[],
    { until, observed }: { readonly until: number | null; readonly observed: boolean },
  ): void {
    const isLeft = ({ id }: Deed) => !counted.includes(id);
    const end = until ?? Number.POSITIVE_INFINITY;
    if (observed) {
      this.#all = (this.#all ?? this.#enforced).filter(isLeft);
      this.#observedUntil = Math.max(this.#observedUntil, end);
    } else {
      this.#all = this.#all?.filter(isLeft);
      this.#enforced = this.#enforced.filter(isLeft);
      this.#heldUntil = Math.max(this.#heldUntil, end);
    }
  }

  /** Counts one deed in the place of others, which it came from. */
  join(gone: readonly string[], deed: Deed): void {
    const isLeft = ({ id }: Deed) => !gone.includes(id);
    if (deed.observed) this.#all = (this.#all ?? this.#enforced).filter(isLeft);
    else {
      this.#all = this.#all?.filter(isLeft);
      this.#enforced = this.#enforced.filter(isLeft);
    }
    this.add(deed);
  }

  /** Whether a deed of a member is within the window of a time. */
  counts(wanted: string, at: number, what: 'enforced' | 'all'): boolean {
    const deeds = what === 'all' && this.#all ? this.#all : this.#enforced;
    return deeds.some((deed) => deed.member === wanted && at - deed.at < this.#rung.withinMs);
  }

  /** Whether its own hold, one that enforces, covers the time. */
  isHeldAt(at: number): boolean {
    return at < this.#heldUntil;
  }

  /** Somebody has lifted its hold. */
  lifted(at: number): void {
    this.#heldUntil = Math.min(this.#heldUntil, at);
    this.#observedUntil = Math.min(this.#observedUntil, at);
  }
}

/** Keeps them in the order of their times, which may come otherwise: the newest moves the window. */
function push(deeds: Deed[], deed: Deed, withinMs: number): void {
  if (deed.member !== undefined) {
    const same = deeds.findIndex(({ member }) => member === deed.member);
    if ((deeds[same]?.at ?? deed.at) > deed.at) return;
    if (same >= 0) deeds.splice(same, 1);
  }
  let index = deeds.length;
  while (index > 0 && (deeds[index - 1]?.at ?? 0) > deed.at) index--;
  if (index === deeds.length) deeds.push(deed);
  else deeds.splice(index, 0, deed);
  const newest = deeds.at(-1)?.at ?? deed.at;
  let gone = Math.max(0, deeds.length - most);
  while (newest - (deeds[gone]?.at ?? newest) >= withinMs) gone++;
  if (gone > 0) deeds.splice(0, gone);
}
