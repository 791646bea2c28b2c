import type { Action, Change, Clock, Target } from '@remand/api';
import { absorb, type Found } from './absorb.ts';
import type { ActionCaller } from './action-caller.ts';
import { BatchSender, retimed } from './batch-sender.ts';
import { bisect, type Refusal } from './bisect.ts';
import { type Delta, delta, roomFor } from './delta.ts';
import type { EntryTable } from './entry-table.ts';
import { isListDown, ListDown } from './list-down.ts';
import type { DesiredState, EnforceListener, ListSpec } from './list-spec.ts';
import type { RowKeeper } from './row-keeper.ts';
import { type Instant, instant, wantedEnd } from './timeouts.ts';
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
  readonly #sender: BatchSender;

  constructor(given: ListWorkGiven) {
    this.#given = given;
    this.#action = given.spec.action;
    this.#sender = new BatchSender(given);
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
    // Rows were loaded as what may be in, and stay so until they are applied again.
    if (listing.state === 'unlisted') return { missing: 0, extra: 0 };
    const { maxTimeoutMs } = this.#action.limits;
    return absorb(listing.entries, {
      table,
      ownership: spec.ownership,
      hasTimeouts: maxTimeoutMs > 0,
      at,
      slackMs: clock.monotonic() - at.steady,
      wantedEnd: (target) => wantedEnd(this.#until(target), maxTimeoutMs, at),
      isDoubtful: (target) => this.#sender.isDoubtful(target),
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

  /** Takes out whatever is ours, and its rows. @throws when something stays in */
  async takeOut(isReady: boolean): Promise<void> {
    const { caller, rows, spec, troubles } = this.#given;
    rows.load();
    // In a container of others only the kernel knows which entries are ours.
    if (spec.ownership === 'own') await caller.flush();
    else {
      if (!isReady) await this.start();
      await this.#remove(() => true);
    }
    rows.dropAll();
    troubles.clearAll();
  }

  /** Takes out what is ours and not to stay. @throws when something of that stays in */
  async letOut(isReady: boolean, stays: (target: Target) => boolean): Promise<void> {
    this.#given.rows.load();
    if (!isReady) await this.start();
    await this.#remove((target) => !stays(target));
  }

  /**
   * The list as a whole does not work. A first failure can be over in a second: then only what
   * waits is told.
   */
  tellDown(reason: string, isLasting: boolean): void {
    const { desired, clock, spec, table, troubles, listener } = this.#given;
    const at = instant(clock);
    const out: Target[] = [];
    for (const [target, until] of desired.entries(spec.key)) {
      if (wantedEnd(until, this.#action.limits.maxTimeoutMs, at) === undefined) continue;
      if (isLasting || table.get(target)?.presence !== 'in') out.push(target);
    }
    const news = troubles.tell(out);
    if (news.length > 0) listener.notEnforced(spec.key, news, reason);
  }

  /** Entries that wait for room, if there is any now. */
  intoRoom(): Iterable<Target> {
    const { table, troubles } = this.#given;
    if (troubles.crowded === 0) return [];
    return roomFor(this.#action.limits, table.occupied) > 0 ? troubles.waitingForRoom() : [];
  }

  async #remove(isWanted: (target: Target) => boolean): Promise<void> {
    const { table } = this.#given;
    await this.read();
    const ours = [...table.entries()].filter(
      ([target, { presence }]) => presence !== 'out' && isWanted(target),
    );
    for (let start = 0; start < ours.length; start += mostChanges) {
      const changes = ours
        .slice(start, start + mostChanges)
        .map(([target]): Change => ({ op: 'remove', target, timeoutMs: null }));
      const { refused } = await this.#sender.send(changes, instant(this.#given.clock));
      if (refused[0]) throw new Error(`${refused.length} entries stay: ${refused[0].reason}`);
    }
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
    if (changes.some(({ op, target }) => op === 'add' && !fresh.has(target))) {
      listener.restored(spec.key);
    }
    if (added.length > 0) {
      listener.enforced(
        spec.key,
        added.map(({ target }) => target),
      );
    }
  }

  async #applyOrBisect(changes: readonly Change[], at: Instant): Promise<readonly Refusal[]> {
    try {
      const { refused } = await this.#sender.send(changes, at);
      this.#sender.refuse(refused);
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
    const { refused } = await bisect(again.changes, (part) => this.#sender.send(part, at));
    this.#sender.refuse(refused);
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

  #tell(byReason: ReadonlyMap<string, readonly Target[]>): void {
    const { listener, spec } = this.#given;
    for (const [reason, targets] of byReason) listener.notEnforced(spec.key, targets, reason);
  }
}
