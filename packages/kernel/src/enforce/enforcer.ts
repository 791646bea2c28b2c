import type { Clock, ListStatus, Logger, Target } from '@remand/api';
import { ListActor } from './list-actor.ts';
import type { FlushResult } from './list-actor-given.ts';
import type { EntryState } from './list-report.ts';
import type { DesiredState, EnforceListener, ListSpec, RowStore } from './list-spec.ts';

export interface EnforcerGiven {
  readonly lists: readonly ListSpec[];
  readonly desired: DesiredState;
  readonly rows: RowStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly listener: EnforceListener;
}

/** Keeps what the firewalls hold equal to what is desired. No list waits for another. */
export class Enforcer {
  readonly #given: EnforcerGiven;
  readonly #actors: ReadonlyMap<string, ListActor>;

  constructor(given: EnforcerGiven) {
    this.#given = given;
    const { lists, ...shared } = given;
    this.#actors = new Map(lists.map((spec) => [spec.key, new ListActor({ spec, ...shared })]));
  }

  /** Begins all lists at once: makes containers, compares with the firewall, repairs. */
  start(): void {
    for (const actor of this.#actors.values()) actor.start();
  }

  /** Resolves when nothing is in flight and nothing more can be done before a timer fires. */
  async settled(): Promise<void> {
    for (const actor of this.#actors.values()) await actor.settled();
  }

  /**
   * What is desired of these targets may have changed. What is called within one tick is one
   * batch. `recorded`: their rows were committed together with the decision.
   */
  changed(
    list: string,
    targets: Iterable<Target>,
    given: { readonly recorded?: boolean } = {},
  ): void {
    this.#actors.get(list)?.changed(targets, given.recorded ?? false);
  }

  /** Compares every list and sets timeouts anew, after a step of the wall clock. */
  reapplyAll(reason: string): void {
    this.#given.logger.info('lists-reapplied', { reason });
    for (const actor of this.#actors.values()) actor.reread();
  }

  /** Whether a target is blocked by a list as far as is known, and if not why. */
  stateOf(list: string, target: Target): EntryState {
    const actor = this.#actors.get(list);
    return actor?.stateOf(target) ?? { enforced: false, reason: 'there is no such list' };
  }

  /** What a list is made of; undefined when there is none with this key. */
  specOf(list: string): ListSpec | undefined {
    return this.#actors.get(list)?.spec;
  }

  /** In the order of the configuration. Counts every desired entry: not for every tick. */
  status(): ListStatus[] {
    return [...this.#actors.values()].map((actor) => actor.status());
  }

  /** Takes our entries out of one list or all, and pauses it until `resume`. Never rejects. */
  flush(list?: string): Promise<readonly FlushResult[]> {
    return Promise.all(this.#chosen(list).map((actor) => actor.flush()));
  }

  /** Enforces paused lists again. */
  resume(list?: string): void {
    for (const actor of this.#chosen(list)) actor.resume();
  }

  /**
   * Begins no new work, waits for what is in flight, stops the actions. What is enforced stays
   * unless `flush`. Never rejects; safe to call twice.
   */
  async stop(deadlineMs: number, given: { readonly flush?: boolean } = {}): Promise<void> {
    await Promise.all(
      [...this.#actors.values()].map((actor) => actor.stop(deadlineMs, given.flush ?? false)),
    );
  }

  #chosen(list: string | undefined): readonly ListActor[] {
    return [...this.#actors.values()].filter(({ key }) => list === undefined || key === list);
  }
}
