import type { Clock, NotifyConfig } from '@remand/api';
import type { Ledger } from '../ledger/ledger.ts';
import { regularDigest } from './digests.ts';
import { nextDigestAt } from './next-digest.ts';
import type { Outbox } from './outbox.ts';
import { Pacing, type PacingState } from './pacing.ts';

export interface ScheduleGiven {
  /** The notifier's. */
  readonly name: string;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly policy: () => NotifyConfig;
  /** Names of the rungs, the lowest first. */
  readonly rungs: () => readonly string[];
}

/** Also where there is no digest: a clock may be set, and a policy changed. */
const longestIdleMs = 3_600_000;
/** A digest never tells of more than this. */
const longestPeriodMs = 8 * 86_400_000;

interface State extends PacingState {
  /** Until when the regular digest has told everything, in ms since the epoch. */
  readonly digestAt: number;
}

/** When the messages and the digests of one notifier go. Known after a restart, from a note in the ledger. */
export class Schedule {
  readonly #given: ScheduleGiven;
  readonly #pacing: Pacing;
  #digestAt: number;

  constructor(given: ScheduleGiven) {
    this.#given = given;
    const now = given.clock.now();
    const state = readState(given.ledger.notes('notifier').get(given.name));
    this.#pacing = new Pacing(now, given.policy(), state);
    this.#digestAt = Math.min(now, state?.digestAt ?? now);
    if (state === undefined) this.#remember(now);
  }

  /** ms until a message may go; asked when there is one. */
  waitMs(urgent: boolean): number {
    const { clock, policy } = this.#given;
    return this.#pacing.waitMs(clock.now(), policy(), urgent);
  }

  /** @param what how many messages it took: what a notifier refuses in part goes in pieces */
  sent(what: { readonly urgent: boolean; readonly messages: number }, now: number): void {
    this.#pacing.sent(now, this.#given.policy(), what);
    this.#remember(now);
  }

  /** Puts the regular digest into the outbox when it is due. */
  addRegularDigest(): void {
    const { clock, ledger, name, outbox, policy, rungs } = this.#given;
    const { digest: wanted } = policy();
    const now = clock.now();
    // Without one nothing is made up for when there is one again.
    if (!wanted || now < this.#digestAt) this.#digestAt = now;
    if (!wanted || now < nextDigestAt(wanted, this.#digestAt)) return;
    const since = Math.max(this.#digestAt, now - longestPeriodMs);
    const period = { of: wanted.every, since, until: now };
    const given = { clock, rungs: rungs() };
    const digest = regularDigest(period, ledger.summary(since, now, name), given);
    if (digest && !policy().leaveOut.includes('digest')) outbox.put(digest);
    this.#digestAt = now;
    this.#remember(now);
  }

  untilRegularDigest(): number {
    const { clock, policy } = this.#given;
    const { digest } = policy();
    if (!digest) return longestIdleMs;
    const now = clock.now();
    return Math.min(longestIdleMs, Math.max(0, nextDigestAt(digest, this.#digestAt) - now));
  }

  #remember(now: number): void {
    const { ledger, name, policy } = this.#given;
    const state: State = { ...this.#pacing.state(now, policy()), digestAt: this.#digestAt };
    try {
      ledger.putNotes('notifier', new Map([[name, JSON.stringify(state)]]));
    } catch {
      // A full disk: after a restart messages may go a little sooner. What they tell is in the ledger.
    }
  }
}

function readState(text: string | undefined): State | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as State;
  } catch {
    return undefined;
  }
}
