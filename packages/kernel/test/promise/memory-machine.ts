import type { AnyPlugin } from '@remand/api';
import { FakeClock, type MemoryList, memoryAction } from '@remand/testkit';
import { type Faults, faultyPlugin, type Life } from './faulty-action.ts';
import type { Machine } from './machine.ts';
import type { ListRule } from './rules.ts';

/** Lists in memory that count down on a clock which stands still between two steps. */
export class MemoryMachine implements Machine {
  readonly clock = new FakeClock();
  readonly isUnread = false;
  readonly patienceMs = 600_000;
  readonly grainMs = 950;
  readonly toleranceMs = 0;
  readonly #actions;

  constructor(lists: readonly ListRule[]) {
    this.#actions = new Map(
      lists.map(({ key, ownership, watchable, families, ranges, maxTimeoutMs, maxEntries }) => {
        const limits = { families, ranges, maxTimeoutMs, ...(maxEntries && { maxEntries }) };
        const { clock } = this;
        return [key, memoryAction({ name: key, clock, ownership, watchable, limits })];
      }),
    );
  }

  plugins(faultsOf: (list: string) => Faults, life: () => Life): readonly AnyPlugin[] {
    return [...this.#actions.values()].map(({ plugin }) => faultyPlugin(plugin, faultsOf, life));
  }

  use(list: string) {
    return { name: list, options: { list } };
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advanceAsync(ms);
  }

  async contents(list: string): Promise<ReadonlySet<string>> {
    return new Set(this.#list(list).targets);
  }

  async wipe(list: string, given: { readonly container: boolean }): Promise<void> {
    this.#list(list).wipe(given);
  }

  async takeOut(list: string, target: string): Promise<void> {
    this.#list(list).removeForeign([target]);
  }

  async putIn(list: string, target: string, forMs: number): Promise<void> {
    const { maxTimeoutMs } = this.#list(list).limits;
    this.#list(list).addForeign([target], forMs > maxTimeoutMs ? null : forMs);
  }

  #list(key: string): MemoryList {
    const action = this.#actions.get(key);
    if (!action) throw new Error(`no list ${key}`);
    return action.list(key);
  }
}
