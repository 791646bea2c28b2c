import type { Clock, Target } from '@remand/api';
import type { Hold } from '../ledger/ledger.ts';
import type { KernelParts } from '../parts.ts';
import { FreshEnforcement } from './fresh-enforcement.ts';
import type { SightedList } from './likely-reason.ts';

/** A repair within this time may be one of many. */
const changedLatelyMs = 60_000;

/** What is known of the lists that should block a hold, for as long as it matters. */
export class BlockingLists {
  readonly #clock: Clock;
  readonly #partsLater: () => KernelParts;
  readonly #fresh: FreshEnforcement;
  readonly #changed = new Map<string, number>();

  constructor(clock: Clock, partsLater: () => KernelParts) {
    this.#clock = clock;
    this.#partsLater = partsLater;
    this.#fresh = new FreshEnforcement(clock);
  }

  enforced(list: string, targets: readonly Target[]): void {
    this.#fresh.entered(list, targets);
  }

  restored(list: string): void {
    this.#fresh.restored(list);
  }

  stop(): void {
    this.#fresh.stop();
  }

  changed(list: string): void {
    this.#changed.set(list, this.#clock.monotonic());
  }

  /** Those of a hold, without the ones that only observe. */
  of(hold: Hold): readonly string[] {
    const { routes, enforcer } = this.#partsLater();
    return routes.listsOf(hold).filter((list) => enforcer.specOf(list)?.observesOnly === false);
  }

  /** Whether one of them has blocked it for so long that no line should come any more. */
  haveSettled(hold: Hold): boolean {
    const { enforcer } = this.#partsLater();
    return this.of(hold).some(
      (list) => enforcer.stateOf(list, hold.target).enforced && !this.#fresh.has(list, hold.target),
    );
  }

  sighted(hold: Hold): readonly SightedList[] {
    const { enforcer } = this.#partsLater();
    return this.of(hold).map((list) => {
      const { enforced, reason } = enforcer.stateOf(list, hold.target);
      const covers = enforcer.specOf(list)?.action.covers;
      const changedAt = this.#changed.get(list) ?? Number.NEGATIVE_INFINITY;
      return {
        list,
        isChanged: this.#clock.monotonic() - changedAt < changedLatelyMs,
        ...(!enforced && { trouble: reason ?? 'nobody knows why' }),
        ...(covers && { covers }),
      };
    });
  }
}
