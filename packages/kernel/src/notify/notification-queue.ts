import type { Clock, Logger, Notice, Notifier, NotifierStatus } from '@remand/api';
import type { Ledger } from '../ledger/ledger.ts';
import { Delivery } from './delivery.ts';
import { Outbox } from './outbox.ts';

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
}

/**
 * Tells people. Notices are written with the commit of what they tell of and delivered in the
 * background, at least once, also after a restart. Nothing here waits or throws on a ban's path.
 */
export class NotificationQueue {
  readonly #channels: readonly {
    readonly name: string;
    readonly outbox: Outbox;
    readonly delivery: Delivery;
  }[];

  constructor(given: NotificationQueueGiven) {
    const { ledger, clock, logger, maxQueued = 10_000 } = given;
    this.#channels = given.notifiers.map((spec) => {
      const { name } = spec;
      const outbox = new Outbox({ name, ledger, clock, logger, maxQueued });
      return { name, outbox, delivery: new Delivery({ ...spec, clock, outbox }) };
    });
  }

  /** Starts the notifiers (nobody else calls their `start`) and delivers what an earlier run left; nothing is waited for. */
  start(): void {
    this.wake();
  }

  /** Whether anybody listens: without, no notice needs to be made. */
  get wanted(): boolean {
    return this.#channels.length > 0;
  }

  /** One row for each notifier with room, for `LedgerChange.notices`. Call it once per notice. */
  address(notice: Notice): readonly { readonly notifier: string; readonly notice: Notice }[] {
    return this.#channels
      .filter(({ outbox }) => outbox.accept())
      .map(({ name }) => ({ notifier: name, notice }));
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
    await Promise.all(this.#channels.map(({ delivery }) => delivery.stop(deadlineMs)));
  }
}
