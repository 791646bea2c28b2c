import { printedTarget, type Target, whyNotEnterable } from '@remand/api';

/** The first and the last number that the rules of a list may have. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** Rules that deny one address or range each, in what `ipfw list` printed. */
export class NumberedRules {
  /** The numbers of ours by target: alone under their number, so that `delete` takes no other. */
  readonly ours = new Map<Target, readonly number[]>();
  readonly #range: NumberRange;
  readonly #used = new Set<number>();
  #next: number;

  constructor(printed: string, range: NumberRange) {
    this.#range = range;
    this.#next = range.first;
    const rules = Array.from(printed.matchAll(/^([0-9]+) +(.*)$/gm), ([, number, body = '']) => ({
      number: Number(number),
      body: body.trim(),
    }));
    const isAlone = new Map<number, boolean>();
    for (const { number } of rules) isAlone.set(number, !isAlone.has(number));
    for (const { number, body } of rules) {
      this.#used.add(number);
      const target = targetOf(body);
      const isInside = range.first <= number && number <= range.last;
      if (target === undefined || !isInside || !isAlone.get(number)) continue;
      this.ours.set(target, [...(this.ours.get(target) ?? []), number]);
    }
  }

  /** Lines for `ipfw -q FILE`; undefined when no number is free. */
  add(target: Target): readonly string[] | undefined {
    if (this.ours.has(target)) return [];
    while (this.#used.has(this.#next)) this.#next++;
    if (this.#next > this.#range.last) return undefined;
    this.#used.add(this.#next);
    this.ours.set(target, [this.#next]);
    return [`add ${this.#next} ${denying(target)}`];
  }

  remove(target: Target): readonly string[] {
    const numbers = this.ours.get(target) ?? [];
    this.ours.delete(target);
    for (const number of numbers) {
      this.#used.delete(number);
      this.#next = Math.min(this.#next, number);
    }
    return numbers.map((number) => `delete ${number}`);
  }
}

function denying(target: Target): string {
  return `deny ${target.includes(':') ? 'ip6' : 'ip'} from ${target} to any`;
}

function targetOf(body: string): Target | undefined {
  const printed = /^deny (?:ip|ip4|ip6|ipv6|all) from ([0-9a-f.:/]+) to any$/.exec(body)?.[1];
  const target = printedTarget(printed ?? '');
  return whyNotEnterable(target) === undefined ? target : undefined;
}
