import type { Target } from '@remand/api';
import { isNetwork } from '../address/networks.ts';
import { formatRange, parseRange, withPrefix } from '../address/parse-target.ts';
import { dropOldest } from '../detect/drop-oldest.ts';
import type { Hold } from '../ledger/ledger.ts';

/** Addresses for which it is remembered what lies around them. */
const mostKnown = 50_000;

/** The holds of ranges by the addresses in them; also those that are over, until they are swept. */
export class RangeHolds {
  readonly #byRange = new Map<Target, Hold[]>();
  /** How many ranges there are of each width: `4/24`. */
  readonly #widths = new Map<string, number>();
  /** Asked for each match, so kept until a hold comes or goes. */
  readonly #around = new Map<Target, readonly Hold[]>();

  get isEmpty(): boolean {
    return this.#byRange.size === 0;
  }

  /** Adds one, beside earlier ones of the same holder. Single addresses are left out. */
  set(hold: Hold): void {
    if (!isNetwork(hold.target)) return;
    const rest = this.#without(hold);
    if (!this.#byRange.has(hold.target)) this.#count(hold.target, 1);
    this.#byRange.set(hold.target, [...rest, hold]);
    this.#around.clear();
  }

  remove(hold: Hold): void {
    if (!this.#byRange.has(hold.target)) return;
    const rest = this.#without(hold);
    if (rest.length > 0) this.#byRange.set(hold.target, rest);
    else {
      this.#byRange.delete(hold.target);
      this.#count(hold.target, -1);
    }
    this.#around.clear();
  }

  /** Forgets holds that ended by then. */
  sweep(before: number): void {
    for (const holds of this.#byRange.values()) {
      for (const hold of holds) {
        if (hold.until !== null && hold.until <= before) this.remove(hold);
      }
    }
  }

  /** The holds of all ranges that an address, or another range, lies in. */
  around(target: Target): readonly Hold[] {
    if (this.#byRange.size === 0) return [];
    const known = this.#around.get(target);
    if (known) return known;
    if (this.#around.size >= mostKnown) dropOldest(this.#around, mostKnown);
    const found = this.#find(target);
    this.#around.set(target, found);
    return found;
  }

  #find(target: Target): readonly Hold[] {
    const range = parseRange(target);
    if (!range) return [];
    const found: Hold[] = [];
    for (const width of this.#widths.keys()) {
      const [family, prefix] = width.split('/').map(Number);
      if (family !== range.family || prefix === undefined || prefix >= range.prefix) continue;
      found.push(...(this.#byRange.get(formatRange(withPrefix(range, prefix))) ?? []));
    }
    return found;
  }

  #without({ target, holder, via, since }: Hold): Hold[] {
    const known = this.#byRange.get(target) ?? [];
    return known.filter((one) => one.holder !== holder || one.via !== via || one.since !== since);
  }

  #count(target: Target, change: number): void {
    const width = `${target.includes(':') ? 6 : 4}/${target.slice(target.indexOf('/') + 1)}`;
    const count = (this.#widths.get(width) ?? 0) + change;
    if (count > 0) this.#widths.set(width, count);
    else this.#widths.delete(width);
  }
}
