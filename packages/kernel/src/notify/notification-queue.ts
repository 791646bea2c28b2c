import {
  type Clock,
  type LedgerEntry,
  type Logger,
  type Notice,
  type Notifier,
  type NotifierStatus,
  type NotifyConfig,
  notifyDefaults,
} from '@remand/api';
import type { Ledger } from '../ledger/ledger.ts';
import { Delivery } from './delivery.ts';
import { Outbox } from './outbox.ts';
import { Schedule } from './schedule.ts';

export interface NotifierSpec {
  /** Keys the outbox: unique, and the same over restarts. */
  readonly name: string;
  readonly notifier: Notifier;
  readonly logger: Logger;
}

export interface NotificationQueueGiven {
  readonly ledger: Ledger;
  readonly notifiers: readonly NotifierSpec[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Most notices that wait for each notifier; further ones are dropped. Default 10 000. */
  readonly maxQueued?: number;
  /** Asked each time. Default: `notifyDefaults`. */
  readonly policy?: () => NotifyConfig;
  /** Names of the rungs, the lowest first. Asked each time. Default: none. */
  readonly rungs?: () => readonly string[];
}

/** What a commit writes of notices. */
export interface AddressedNotices {
  readonly notices: readonly { readonly notifier: string; readonly notice: Notice }[];
  /** Of those for which there was no room. */
  readonly entries: readonly LedgerEntry[];
}

interface Channel {
  readonly name: string;
  readonly outbox: Outbox;
  readonly delivery: Delivery;
}

/**
 * Tells people. Notices are written with the commit of what they tell of and delivered in the
 * background, at least once, also after a restart. Nothing here waits or throws on a ban's path.
 */
export class NotificationQueue {
  readonly #given: NotificationQueueGiven;
  /** Those of notifiers that are replaced or removed, until they have ended. */
  readonly #leaving = new Set<Delivery>();
  readonly #policy: () => NotifyConfig;
  #channels: readonly Channel[];

  constructor(given: NotificationQueueGiven) {
    this.#given = given;
    this.#policy = given.policy ?? (() => notifyDefaults);
    this.#channels = given.notifiers.map((spec) => this.#channel(spec, undefined));
  }

  /**
   * Goes on with these: `kept` ones as they are. What waits for a notifier that is replaced goes
   * to its successor; what waits for one that is removed stays in the ledger.
   * @returns when those that are not kept have ended, with one last chance to deliver
   */
  async adopt(
    notifiers: readonly NotifierSpec[],
    kept: ReadonlySet<string>,
    deadlineMs: number,
  ): Promise<void> {
    const before = new Map(this.#channels.map((channel) => [channel.name, channel]));
    const ends: Promise<void>[] = [];
    const end = async ({ delivery }: Channel): Promise<void> => {
      this.#leaving.add(delivery);
      await delivery.stop(deadlineMs);
      this.#leaving.delete(delivery);
    };
    this.#channels = notifiers.map((spec) => {
      const known = before.get(spec.name);
      before.delete(spec.name);
      if (known === undefined) return this.#channel(spec, undefined);
      if (kept.has(spec.name)) return known;
      const after = end(known);
      ends.push(after);
      return this.#channel(spec, { outbox: known.outbox, after });
    });
    for (const removed of before.values()) ends.push(end(removed));
    this.wake();
    await Promise.all(ends);
  }

  /** Starts the notifiers (nobody else calls their `start`) and delivers what an earlier run left; nothing is waited for. */
  start(): void {
    this.wake();
  }

  /** Whether anybody listens: without, no notice needs to be made. */
  get wanted(): boolean {
    return this.#channels.length > 0;
  }

  /** One row for each notifier with room. Call it once per notice. */
  address(wanted: readonly Notice[]): AddressedNotices {
    const { leaveOut } = this.#policy();
    const notices: AddressedNotices['notices'][number][] = [];
    const entries: LedgerEntry[] = [];
    for (const notice of wanted) {
      if (leaveOut.includes(notice.kind)) continue;
      for (const { name, outbox } of this.#channels) {
        const refused = outbox.accept(notice);
        if (refused) entries.push(refused);
        else notices.push({ notifier: name, notice });
      }
    }
    return { notices, entries };
  }

  /** Call after a commit with notices. */
  wake(): void {
    for (const { delivery } of this.#channels) delivery.wake();
  }

  status(): readonly NotifierStatus[] {
    return this.#channels.map(({ delivery }) => delivery.status());
  }

  /**
   * One last chance to deliver within the deadline; the rest stays in the outbox. The ledger is
   * not touched after it resolves. Never rejects.
   */
  async stop(deadlineMs: number): Promise<void> {
    const deliveries = [...this.#leaving, ...this.#channels.map(({ delivery }) => delivery)];
    await Promise.all(deliveries.map((delivery) => delivery.stop(deadlineMs)));
  }

  #channel(
    spec: NotifierSpec,
    before: { readonly outbox: Outbox; readonly after: Promise<void> } | undefined,
  ): Channel {
    const { ledger, clock, logger, maxQueued = 10_000, rungs = () => [] } = this.#given;
    const policy = this.#policy;
    const { name } = spec;
    const outbox = before?.outbox ?? new Outbox({ name, ledger, clock, logger, maxQueued });
    const after = before === undefined ? {} : { after: before.after };
    const schedule = new Schedule({ name, ledger, clock, outbox, policy, rungs });
    const delivery = new Delivery({ ...spec, ...after, clock, outbox, schedule, policy });
    return { name, outbox, delivery };
  }
}
