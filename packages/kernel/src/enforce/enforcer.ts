import type { Clock, ListStatus, Logger, Target } from '@remand/api';
import { withDeadline } from '../plugins/with-deadline.ts';
import { ListActor } from './list-actor.ts';
import type { FlushResult } from './list-actor-given.ts';
import type { EntryState } from './list-report.ts';
import type { DesiredState, EnforceListener, ListSpec, RowStore } from './list-spec.ts';
import { RetiredList } from './retired-list.ts';

export interface EnforcerGiven {
  readonly lists: readonly ListSpec[];
  readonly desired: DesiredState;
  readonly rows: RowStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly listener: EnforceListener;
  /** Which lists block in the place of one that was retired. Default: none. */
  readonly heirsOf?: (list: string) => Iterable<string>;
  /** Whether anybody holds an address: all that counts on a retired list. */
  readonly isHeld?: (target: Target) => boolean;
  /** Nothing is left of a list that was retired, and its action is stopped. */
  readonly onEmptied?: (list: string) => void;
}

/** What a reload makes of the lists. */
export interface AdoptGiven {
  readonly lists: readonly ListSpec[];
  /** Lists that have the same instance of their action as before. */
  readonly kept: ReadonlySet<string>;
  /** Kept ones on which other holders are than before. */
  readonly changed: ReadonlySet<string>;
  /** Whether what is not among `lists` any more is to be emptied; else it is left as it stands. */
  readonly retires: (list: string) => boolean;
}

const handOverMs = 10_000;

/** Keeps what the firewalls hold equal to what is desired. No list waits for another. */
export class Enforcer {
  readonly #given: EnforcerGiven;
  #specs: ReadonlyMap<string, ListSpec>;
  #actors: Map<string, ListActor>;
  readonly #retired = new Map<string, RetiredList>();
  /** What was replaced and has not stopped yet. */
  readonly #leaving = new Set<Stoppable>();
  #handedOver: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(given: EnforcerGiven) {
    this.#given = given;
    this.#specs = specsByKey(given.lists);
    this.#actors = new Map(given.lists.map((spec) => [spec.key, this.#newActor(spec)]));
  }

  /** Begins all lists at once: makes containers, compares with the firewall, repairs. */
  start(): void {
    for (const actor of this.#actors.values()) actor.start();
  }

  /**
   * Goes on with these lists. One that is kept has its actor and what it knows; one that is made
   * anew takes over from its predecessor as soon as that has stopped; others are started. What is
   * not among them does nothing more until `emptyRetired`.
   * @returns when no predecessor is at work any more. Never rejects.
   */
  adopt({ lists, kept, changed, retires }: AdoptGiven): Promise<void> {
    const before = this.#actors;
    const handOvers: Promise<void>[] = [];
    this.#specs = specsByKey(lists);
    this.#actors = new Map(
      lists.map((spec) => {
        const { key } = spec;
        const known = before.get(key);
        before.delete(key);
        if (known && kept.has(key)) {
          if (changed.has(key)) known.recheck();
          return [key, known];
        }
        const actor = this.#newActor(spec);
        const predecessor = known ? stoppable(known) : this.#retired.get(key);
        this.#retired.delete(key);
        handOvers.push(this.#handOver(predecessor, actor));
        return [key, actor];
      }),
    );
    for (const [key, actor] of before) {
      if (retires(key)) this.#retire(key, actor);
      else handOvers.push(this.#handOver(stoppable(actor), undefined));
    }
    const done = Promise.all(handOvers).then(() => undefined);
    this.#handedOver = Promise.all([this.#handedOver, done]);
    return done;
  }

  /** Takes a list over that is not configured, to be emptied; when stopped, by the next start. */
  addRetired(spec: ListSpec): void {
    if (!this.#isStopped) this.#retire(spec.key, this.#newActor(spec));
  }

  /** Leaves lists that are not configured as they stand. @returns when nothing works on them */
  async leaveRetired(): Promise<void> {
    const left = [...this.#retired.values()];
    this.#retired.clear();
    await Promise.all(left.map((list) => this.#handOver(list, undefined)));
  }

  /** Lists that are not configured and not emptied yet. */
  get retired(): readonly string[] {
    return [...this.#retired.keys()];
  }

  /** Empties what is not configured any more; what cannot be emptied now is tried again later. */
  emptyRetired(): Promise<readonly FlushResult[]> {
    return Promise.all([...this.#retired.values()].map((list) => list.empty()));
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
    for (const retired of this.#retired.values()) retired.changed(targets);
  }

  /** Whether a list has dealt with everything that it should hold; also one that there is not. */
  hasSettled(list: string): boolean {
    return this.#actors.get(list)?.hasSettled ?? true;
  }

  /**
   * Whether a list enters nothing until `resume`. It gets no rows meanwhile: after a restart they
   * would claim what somebody else entered.
   */
  isPaused(list: string): boolean {
    return this.#actors.get(list)?.isPaused ?? false;
  }

  /** What is desired of any target may have changed on these lists. */
  recheck(lists: Iterable<string>): void {
    for (const list of lists) this.#actors.get(list)?.recheck();
  }

  /** Compares every list and sets timeouts anew, after a step of the wall clock. */
  reapplyAll(reason: string): void {
    this.#given.logger.info('lists-reapplied', { reason });
    for (const actor of this.#actors.values()) actor.reread();
  }

  /** Whether a target is blocked by a list as far as is known, and if not why. */
  stateOf(list: string, target: Target): EntryState {
    const actor = this.#actors.get(list);
    return actor?.stateOf(target) ?? { enforced: false, reason: 'the list is not configured' };
  }

  /** What a list is made of; undefined when there is none with this key. */
  specOf(list: string): ListSpec | undefined {
    return this.#actors.get(list)?.spec;
  }

  /** In the order of the configuration. Counts every desired entry: not for every tick. */
  status(): ListStatus[] {
    const configured = [...this.#actors].map(([key, actor]) => ({
      ...actor.status(),
      holders: this.#specs.get(key)?.holders ?? [],
    }));
    return [...configured, ...[...this.#retired.values()].map((list) => list.status())];
  }

  /** Takes our entries out of one list or all, and pauses it until `resume`. Never rejects. */
  async flush(list?: string): Promise<readonly FlushResult[]> {
    await this.#handedOver;
    const retired = [...this.#retired].filter(([key]) => list === undefined || key === list);
    return Promise.all([
      ...this.#chosen(list).map((actor) => actor.flush()),
      ...retired.map(([, one]) => one.flush()),
    ]);
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
    const { flush = false } = given;
    this.#isStopped = true;
    // What a predecessor is entering is taken out by its successor, when that has begun.
    if (flush) await this.#handOversOver(deadlineMs);
    await Promise.all([
      ...[...this.#leaving].map((list) => list.stop(deadlineMs)),
      ...[...this.#retired.values()].map((list) => list.stop(deadlineMs, flush)),
      ...[...this.#actors.values()].map((actor) => actor.stop(deadlineMs, flush)),
    ]);
  }

  async #handOversOver(deadlineMs: number): Promise<void> {
    const given = { clock: this.#given.clock, deadlineMs, what: 'the hand-over of lists' };
    await withDeadline(given, async () => this.#handedOver).catch(() => undefined);
  }

  #newActor(spec: ListSpec): ListActor {
    const { lists: _lists, ...shared } = this.#given;
    return new ListActor({ spec, ...shared });
  }

  async #handOver(from: Stoppable | undefined, to: ListActor | undefined): Promise<void> {
    if (from) {
      this.#leaving.add(from);
      await from.stop(handOverMs);
      this.#leaving.delete(from);
    }
    to?.start();
  }

  #retire(key: string, actor: ListActor): void {
    const { clock, heirsOf, rows, isHeld = () => true } = this.#given;
    const hasRows = () => mayHaveRows(rows, key);
    const awaited = () => [...(heirsOf?.(key) ?? [])].filter((heir) => !this.hasSettled(heir));
    const onEmptied = () => {
      // It may have been configured again just now.
      if (this.#retired.get(key) !== retired) return;
      this.#retired.delete(key);
      this.#given.onEmptied?.(key);
    };
    const retired = new RetiredList({
      ...{ actor, clock, awaited, hasRows, isHeld, onEmptied },
    });
    this.#retired.set(key, retired);
  }

  #chosen(list: string | undefined): readonly ListActor[] {
    return [...this.#actors.values()].filter(({ key }) => list === undefined || key === list);
  }
}

/** Whether any entry of a list is on record, as far as can be read. */
function mayHaveRows(rows: RowStore, list: string): boolean {
  try {
    for (const _target of rows.load(list)) return true;
    return false;
  } catch {
    // Then it is not known, and the list is not given up.
    return true;
  }
}

interface Stoppable {
  stop(deadlineMs: number): Promise<void>;
}

/** A list that is replaced leaves what is in for its successor. */
function stoppable(actor: ListActor): Stoppable {
  return { stop: (deadlineMs) => actor.stop(deadlineMs, false) };
}

function specsByKey(lists: readonly ListSpec[]): ReadonlyMap<string, ListSpec> {
  return new Map(lists.map((spec) => [spec.key, spec]));
}
