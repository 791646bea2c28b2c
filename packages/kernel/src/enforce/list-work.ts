import type { Action, ApplyResult, Change, Clock, Target } from '@remand/api';
import { absorb, type Found } from './absorb.ts';
import type { ActionCaller } from './action-caller.ts';
import { bisect, type Outcome, outcomeOf, type Refusal } from './bisect.ts';
import { type Delta, delta, roomFor } from './delta.ts';
import type { EntryTable } from './entry-table.ts';
import { isListDown, ListDown } from './list-down.ts';
import type { DesiredState, EnforceListener, ListSpec } from './list-spec.ts';
import type { RowKeeper } from './row-keeper.ts';
import { type Instant, instant, lateMs, never, wantedEnd } from './timeouts.ts';
import type { Troubles } from './troubles.ts';

/** A batch is no larger, so that a firewall's transaction stays short. */
const mostChanges = 20_000;

export interface ListWorkGiven {
  readonly spec: ListSpec;
  readonly desired: DesiredState;
  readonly clock: Clock;
  readonly caller: ActionCaller;
  readonly table: EntryTable;
  readonly rows: RowKeeper;
  readonly troubles: Troubles;
  readonly listener: EnforceListener;
  /** The list was read in the middle of something: more may have to be repaired. */
  readonly onReread: () => void;
}

/** The steps of enforcing one list. They are never run side by side. */
export class ListWork {
  readonly #given: ListWorkGiven;
  readonly #action: Action;
  /** Targets of batches that were given up; see `ActionCaller.hasLateCalls`. */
  readonly #inLateCalls = new Set<Target>();

  constructor(given: ListWorkGiven) {
    this.#given = given;
    this.#action = given.spec.action;
  }

  /** Makes the containers. @throws with the firewall's own reason where it has one */
  async start(): Promise<void> {
    try {
      await this.#given.caller.start();
    } catch (error) {
      if (!isListDown(error)) await this.read();
      throw error;
    }
  }

  /** Compares with what the firewall holds. @throws ListDown when it cannot be read */
  async read(): Promise<Found> {
    const { clock, caller, table, spec } = this.#given;
    const at = instant(clock);
    const listing = await caller.list();
    if (listing.state === 'unavailable') throw new ListDown(listing.reason, listing.hint);
    const { maxTimeoutMs } = this.#action.limits;
    return absorb(listing.entries, {
      table,
      ownership: spec.ownership,
      hasTimeouts: maxTimeoutMs > 0,
      at,
      slackMs: clock.monotonic() - at.steady,
      wantedEnd: (target) => wantedEnd(this.#until(target), maxTimeoutMs, at),
      isDoubtful: (target) => this.#isDoubtful(target),
    });
  }

  /** Makes the list hold what it should as far as `targets` go. `fresh`: newly decided ones. */
  async enforce(targets: Iterable<Target>, fresh: ReadonlySet<Target>): Promise<void> {
    const { clock, troubles } = this.#given;
    const at = instant(clock);
    const postponed = (target: Target) =>
      !fresh.has(target) && troubles.isPostponed(target, at.steady);
    const plan = this.#plan(targets, at, postponed);
    this.#settle(plan, at);
    const changes = this.#record(plan, at);
    this.#tell(troubles.untold(this.#troubled(plan)));
    for (let start = 0; start < changes.length; start += mostChanges) {
      const now = start === 0 ? at : instant(clock);
      const batch = changes.slice(start, start + mostChanges);
      await this.#apply(retimed(batch, now.steady - at.steady), now, fresh);
    }
  }

  /** Takes out whatever is ours, in a container that is not. @throws when something stays */
  async removeAll(): Promise<void> {
    const { table } = this.#given;
    await this.read();
    const ours = [...table.entries()].filter(([, { presence }]) => presence !== 'out');
    for (let start = 0; start < ours.length; start += mostChanges) {
      const changes = ours
        .slice(start, start + mostChanges)
        .map(([target]): Change => ({ op: 'remove', target, timeoutMs: null }));
      const { refused } = await this.#send(changes, instant(this.#given.clock));
      if (refused[0]) throw new Error(`${refused.length} entries stay: ${refused[0].reason}`);
    }
  }

  /** Entries that wait for room, if there is any now. */
  intoRoom(): Iterable<Target> {
    const { table, troubles } = this.#given;
    if (troubles.crowded === 0) return [];
    return roomFor(this.#action.limits, table.occupied) > 0 ? troubles.waitingForRoom() : [];
  }

  #until(target: Target): number | null | undefined {
    return this.#given.desired.until(this.#given.spec.key, target);
  }

  #plan(targets: Iterable<Target>, at: Instant, postponed: (target: Target) => boolean): Delta {
    const { table } = this.#given;
    const until = (target: Target) => this.#until(target);
    return delta(targets, { table, limits: this.#action.limits, until, at, postponed });
  }

  /** Everything of a plan that needs no call. */
  #settle({ gone, fine, beyond, crowded }: Delta, at: Instant): void {
    const { rows, troubles } = this.#given;
    for (const target of gone) troubles.clear(target);
    for (const target of fine) troubles.clear(target);
    if (gone.length > 0) rows.drop(gone);
    for (const [target, reason] of beyond) troubles.set(target, 'beyond', reason, at.steady);
    const full = `the list is full (${this.#action.limits.maxEntries} entries)`;
    for (const target of crowded) troubles.set(target, 'crowded', full, at.steady);
  }

  /** Writes rows down before anything is entered. @returns the changes that may go on */
  #record({ changes, unrecorded }: Delta, at: Instant): readonly Change[] {
    const { rows, spec, troubles } = this.#given;
    const reason = rows.add(unrecorded);
    if (reason === undefined || spec.ownership === 'own') return changes;
    const waiting = new Set(unrecorded);
    for (const target of waiting) {
      troubles.set(target, 'unrecorded', `it cannot be recorded: ${reason}`, at.steady);
    }
    return changes.filter(({ target }) => !waiting.has(target));
  }

  #troubled({ beyond, crowded, unrecorded }: Delta): Iterable<Target> {
    const { troubles } = this.#given;
    const stuck = unrecorded.filter((target) => troubles.reasonFor(target) !== undefined);
    return [...beyond.keys(), ...crowded, ...stuck];
  }

  async #apply(changes: readonly Change[], at: Instant, fresh: ReadonlySet<Target>): Promise<void> {
    const { spec, table, troubles, listener } = this.#given;
    const refused = await this.#applyOrBisect(changes, at);
    this.#tell(troubles.untold(refused.map(({ change }) => change.target)));
    const added = changes.filter(
      ({ op, target }) => op === 'add' && fresh.has(target) && table.get(target)?.presence === 'in',
    );
    if (added.length > 0) {
      listener.enforced(
        spec.key,
        added.map(({ target }) => target),
      );
    }
  }

  async #applyOrBisect(changes: readonly Change[], at: Instant): Promise<readonly Refusal[]> {
    try {
      const { refused } = await this.#send(changes, at);
      this.#refuse(refused);
      return refused;
    } catch (error) {
      if (isListDown(error)) throw error;
      return await this.#bisect(changes);
    }
  }

  async #bisect(changes: readonly Change[]): Promise<readonly Refusal[]> {
    // Somebody may have removed the container; and a batch that threw may have been applied, or a
    // part of it.
    await this.start();
    await this.read();
    this.#given.onReread();
    const at = instant(this.#given.clock);
    const targets = changes.map(({ target }) => target);
    const again = this.#plan(targets, at, () => false);
    this.#settle(again, at);
    // Not to be let in as soon as there seems to be room: the firewall just said otherwise.
    for (const target of again.crowded) {
      this.#given.troubles.set(target, 'refused', 'the list is full', at.steady);
    }
    const { refused } = await bisect(again.changes, (part) => this.#send(part, at));
    this.#refuse(refused);
    if (!refused.some(({ thrown }) => thrown)) return refused;
    await this.read();
    const left = refused.map(({ change }) => change.target);
    const now = instant(this.#given.clock);
    this.#settle(
      this.#plan(left, now, () => true),
      now,
    );
    return refused.filter(
      ({ change }) => this.#given.troubles.reasonFor(change.target) !== undefined,
    );
  }

  async #send(changes: readonly Change[], at: Instant): Promise<Outcome> {
    const { clock, table, rows, troubles } = this.#given;
    // From here on it can be in the firewall, whatever becomes of the call.
    for (const { op, target } of changes) {
      const presence = table.get(target)?.presence ?? 'out';
      if (op !== 'remove' && presence === 'out') table.set(target, 'maybe');
    }
    const outcome = outcomeOf(changes, await this.#call(changes));
    const done = clock.monotonic();
    // The firewall began to count at some time during the call.
    const counted = done - at.steady > lateMs ? done : at.steady;
    const removed: Target[] = [];
    for (const { op, target, timeoutMs } of outcome.done) {
      troubles.clear(target);
      if (op === 'remove' && this.#isDoubtful(target)) table.set(target, 'maybe');
      else if (op === 'remove') {
        table.set(target, 'out');
        removed.push(target);
      } else {
        table.takeOver(target);
        table.set(target, 'in', timeoutMs === null ? never : counted + timeoutMs);
      }
    }
    if (removed.length > 0) rows.drop(removed);
    return outcome;
  }

  async #call(changes: readonly Change[]): Promise<ApplyResult> {
    const { caller } = this.#given;
    try {
      return await caller.apply(changes);
    } catch (error) {
      if (caller.hasLateCalls) for (const { target } of changes) this.#inLateCalls.add(target);
      throw error;
    }
  }

  /** Its row must stay: in a shared list it could turn up as ours and look foreign. */
  #isDoubtful(target: Target): boolean {
    if (this.#given.caller.hasLateCalls) return this.#inLateCalls.has(target);
    this.#inLateCalls.clear();
    return false;
  }

  #refuse(refused: readonly Refusal[]): void {
    const { table, troubles, clock } = this.#given;
    for (const { change, reason, thrown } of refused) {
      const { op, target } = change;
      if (!thrown && table.get(target)?.presence === 'maybe') table.set(target, 'out');
      const shown = {
        add: reason,
        extend: `not extended: ${reason}`,
        remove: `stays in: ${reason}`,
      };
      troubles.set(target, 'refused', shown[op], clock.monotonic());
    }
  }

  #tell(byReason: ReadonlyMap<string, readonly Target[]>): void {
    const { listener, spec } = this.#given;
    for (const [reason, targets] of byReason) listener.notEnforced(spec.key, targets, reason);
  }
}

/** Counts the time that earlier batches took. */
function retimed(changes: readonly Change[], passedMs: number): readonly Change[] {
  if (passedMs === 0) return changes;
  return changes.map((change) =>
    change.timeoutMs === null
      ? change
      : { ...change, timeoutMs: Math.max(1, Math.ceil(change.timeoutMs - passedMs)) },
  );
}
