import type { ApplyResult, Change, Clock, Target } from '@remand/api';
import type { ActionCaller } from './action-caller.ts';
import { type Outcome, outcomeOf, type Refusal } from './bisect.ts';
import type { EntryTable } from './entry-table.ts';
import type { RowKeeper } from './row-keeper.ts';
import { type Instant, lateMs, never } from './timeouts.ts';
import type { Troubles } from './troubles.ts';

export interface BatchSenderGiven {
  readonly clock: Clock;
  readonly caller: ActionCaller;
  readonly table: EntryTable;
  readonly rows: RowKeeper;
  readonly troubles: Troubles;
}

/** Sends batches, and notes in table and rows what came of them. */
export class BatchSender {
  readonly #given: BatchSenderGiven;
  /** Targets of batches that were given up; see `ActionCaller.hasLateCalls`. */
  readonly #inLateCalls = new Set<Target>();

  constructor(given: BatchSenderGiven) {
    this.#given = given;
  }

  /** `at`: when the timeouts of these changes were right. @throws what `apply` throws */
  async send(changes: readonly Change[], at: Instant): Promise<Outcome> {
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
      if (op === 'remove' && this.isDoubtful(target)) table.set(target, 'maybe');
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

  /** Puts off what was refused. */
  refuse(refused: readonly Refusal[]): void {
    const { table, troubles, clock } = this.#given;
    for (const { change, reason, thrown } of refused) {
      const { op, target } = change;
      // What could not be taken out may be in.
      const staysOut = op !== 'remove' && !thrown;
      if (staysOut && table.get(target)?.presence === 'maybe') table.set(target, 'out');
      const shown = {
        add: reason,
        extend: `not extended: ${reason}`,
        remove: `stays in: ${reason}`,
      };
      troubles.set(target, 'refused', shown[op], clock.monotonic());
    }
  }

  /**
   * Whether a call that was given up may still enter it. Its row must stay: in a shared list it
   * could turn up as ours and look foreign.
   */
  isDoubtful(target: Target): boolean {
    if (this.#given.caller.hasLateCalls) return this.#inLateCalls.has(target);
    this.#inLateCalls.clear();
    return false;
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
}

/** Counts the time that earlier batches took. */
export function retimed(changes: readonly Change[], passedMs: number): readonly Change[] {
  if (passedMs === 0) return changes;
  return changes.map((change) =>
    change.timeoutMs === null
      ? change
      : { ...change, timeoutMs: Math.max(1, Math.ceil(change.timeoutMs - passedMs)) },
  );
}
