import type { Target } from '@remand/api';
import { isLiveAt } from '../ledger/hold-rule.ts';
import type { Hold } from '../ledger/ledger.ts';
import { ExpiryQueue } from './expiry-queue.ts';
import { OwnHolds } from './own-holds.ts';
import { RangeHolds } from './range-holds.ts';

/**
 * The live holds, in memory: what detection, enforcement and the reports ask. Derived from the
 * ledger's entries; the same rules as the ledger's own table.
 */
export class Holds {
  readonly #byTarget = new Map<Target, Hold | Hold[]>();
  readonly #own = new OwnHolds();
  /** Those of ranges, also when they are over. */
  readonly ranges = new RangeHolds();
  readonly #expiry = new ExpiryQueue();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many addresses and ranges are held. */
  get targets(): number {
    return this.#byTarget.size;
  }

  /** Puts a hold in, in the place of the one with the same holder, via and target. */
  set(hold: Hold): void {
    const there = this.get(hold.target, hold.holder, hold.via);
    if (there === hold) return;
    if (there) this.#drop(there);
    if (there && isLiveAt(there, hold.since)) this.ranges.remove(there);
    this.ranges.set(hold);
    const known = this.#byTarget.get(hold.target);
    if (known === undefined) this.#byTarget.set(hold.target, hold);
    else if (Array.isArray(known)) known.push(hold);
    else this.#byTarget.set(hold.target, [known, hold]);
    this.#own.set(hold);
    this.#size++;
    if (hold.until !== null) this.#expiry.push(hold.until, hold);
  }

  /** Somebody lifted it. */
  remove(hold: Hold): void {
    this.ranges.remove(hold);
    this.#drop(hold);
  }

  #drop(hold: Hold): void {
    const known = this.#byTarget.get(hold.target);
    if (known === hold) this.#byTarget.delete(hold.target);
    else if (Array.isArray(known) && known.includes(hold)) {
      const rest = known.filter((one) => one !== hold);
      this.#byTarget.set(hold.target, rest.length === 1 && rest[0] ? rest[0] : rest);
    } else return;
    this.#own.delete(hold);
    this.#size--;
  }

  of(target: Target): readonly Hold[] {
    const known = this.#byTarget.get(target);
    if (known === undefined) return [];
    return Array.isArray(known) ? known : [known];
  }

  get(target: Target, holder: string, via: string): Hold | undefined {
    if (holder === via) return this.#own.get(target, holder);
    const known = this.#byTarget.get(target);
    if (known === undefined) return undefined;
    if (!Array.isArray(known)) {
      return known.holder === holder && known.via === via ? known : undefined;
    }
    return known.find((hold) => hold.holder === holder && hold.via === via);
  }

  *all(): Iterable<Hold> {
    for (const known of this.#byTarget.values()) {
      if (Array.isArray(known)) yield* known;
      else yield known;
    }
  }

  /** Takes out the holds that have ended at `now`. */
  takeExpired(now: number): Hold[] {
    const ended: Hold[] = [];
    for (const hold of this.#expiry.takeUntil(now)) {
      if (this.get(hold.target, hold.holder, hold.via) !== hold) continue;
      this.#drop(hold);
      ended.push(hold);
    }
    return ended;
  }
}
