import type { Clock, ListStatus, Target } from '@remand/api';
import { Alarm } from './alarm.ts';
import { backOffMs } from './back-off.ts';
import type { ListActor } from './list-actor.ts';
import type { FlushResult } from './list-actor-given.ts';

const stopDeadlineMs = 5_000;

export interface RetiredListGiven {
  readonly actor: ListActor;
  readonly clock: Clock;
  /** Whether any entry of it is on record. */
  readonly hasRows: () => boolean;
  /** Lists that take its place and do not hold everything yet: until they do it is not emptied. */
  readonly awaited: () => readonly string[];
  /** Whether anybody holds an address. */
  readonly isHeld: (target: Target) => boolean;
  /** Called once, when nothing is left of it in the firewall and its action is stopped. */
  readonly onEmptied: () => void;
}

/** A list that is not configured any more: it is emptied, and tried again until that succeeds. */
export class RetiredList {
  readonly #given: RetiredListGiven;
  readonly #alarm: Alarm;
  #emptying: Promise<FlushResult> | undefined;
  #trouble: string | undefined;
  #failures = 0;
  #waits = true;
  #isOver = false;

  constructor(given: RetiredListGiven) {
    this.#given = given;
    this.#alarm = new Alarm(given.clock, () => void this.empty());
    given.actor.retire();
  }

  /** Never rejects. */
  empty(): Promise<FlushResult> {
    this.#emptying ??= this.#empty().finally(() => {
      this.#emptying = undefined;
    });
    return this.#emptying;
  }

  /** Empties it now, whatever takes its place. Never rejects. */
  async flush(): Promise<FlushResult> {
    this.#waits = false;
    const before = await this.#emptying;
    return before?.removed ? before : this.empty();
  }

  /** Who holds these targets has changed: the end of a hold counts here as well. */
  changed(targets: Iterable<Target>): void {
    this.#given.actor.letOut(this.#given.isHeld, targets);
  }

  status(): ListStatus {
    const trouble = this.#trouble === undefined ? '' : `: ${this.#trouble}`;
    return {
      ...this.#given.actor.status(),
      holders: [],
      paused: false,
      retired: true,
      state: 'degraded',
      reason: `it is not configured any more and has not been emptied yet${trouble}`,
      hint: 'it is tried again; configured again it is enforced again',
    };
  }

  /** Ends the work on it and stops its action. What is in stays in unless `flush`. Never rejects. */
  async stop(deadlineMs: number, flush = false): Promise<void> {
    this.#isOver = true;
    this.#alarm.clear();
    await this.#given.actor.stop(deadlineMs, flush);
  }

  async #flush(): Promise<FlushResult> {
    const { actor, awaited, hasRows } = this.#given;
    const [heir] = this.#waits ? awaited() : [];
    if (heir === undefined) {
      const result = await actor.flush();
      // Its program was never there, for example: there is nothing to wait for.
      const isUntouched = !actor.hasBeenUp && !hasRows();
      return isUntouched ? { list: actor.key, removed: true } : result;
    }
    if (actor.hasBeenUp || hasRows()) actor.letOut(this.#given.isHeld);
    const reason = `list ${heir}, which takes its place, does not hold everything yet`;
    return { list: actor.key, removed: false, reason };
  }

  async #empty(): Promise<FlushResult> {
    const { onEmptied } = this.#given;
    const result = await this.#flush();
    if (this.#isOver) return result;
    if (result.removed) {
      await this.stop(stopDeadlineMs);
      onEmptied();
    } else {
      this.#trouble = result.reason;
      this.#failures++;
      this.#alarm.set(backOffMs(this.#failures));
    }
    return result;
  }
}
