import { Book } from './book.ts';
import { Faults } from './faulty-action.ts';
import { Foreign } from './foreign.ts';
import type { Machine } from './machine.ts';
import type { ListRule, Rules } from './rules.ts';

/** What a life is about, as whoever plays it and whoever judges it know it. */
export class Scene {
  readonly rules: Rules;
  readonly machine: Machine;
  readonly book: Book;
  readonly foreign = new Foreign();
  readonly faults: ReadonlyMap<string, Faults>;
  /** Lists that somebody flushed. */
  readonly paused = new Set<string>();
  /** How often a list had been read when somebody changed it. */
  readonly #disturbed = new Map<string, number>();

  constructor(rules: Rules, machine: Machine) {
    this.rules = rules;
    this.machine = machine;
    this.book = new Book(rules);
    this.faults = new Map(rules.lists.map(({ key }) => [key, new Faults()]));
  }

  get now(): number {
    return this.machine.clock.now();
  }

  /** Somebody changes a list. */
  disturb(list: string): void {
    this.#disturbed.set(list, this.faultsOf(list).readings);
  }

  /** Whether a list was read since somebody changed it. */
  isSeen(list: string): boolean {
    return this.faultsOf(list).readings > (this.#disturbed.get(list) ?? -1);
  }

  isHeld(list: string, target: string): boolean {
    return this.book.wanted(this.listRule(list), this.now).has(target);
  }

  /** Paused lists are enforced again. */
  unpause(): void {
    for (const list of this.paused) {
      this.disturb(list);
      if (this.listRule(list).ownership === 'own') this.foreign.forgetAll(list);
    }
    this.paused.clear();
  }

  faultsOf(list: string): Faults {
    const faults = this.faults.get(list);
    if (!faults) throw new Error(`no list ${list}`);
    return faults;
  }

  listRule(key: string): ListRule {
    const rule = this.rules.lists.find((one) => one.key === key);
    if (!rule) throw new Error(`no list ${key}`);
    return rule;
  }
}
