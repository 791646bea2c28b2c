import {
  type CancelTimer,
  type Clock,
  type Logger,
  type Notifier,
  type NotifierStatus,
  printable,
  RemandError,
  reasonOf,
} from '@remand/api';
import type { QueuedNotice } from '../ledger/ledger.ts';
import { backOffMs } from './back-off.ts';
import { NotifierCalls } from './notifier-calls.ts';
import type { Outbox } from './outbox.ts';

export interface DeliveryGiven {
  readonly name: string;
  readonly notifier: Notifier;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly outbox: Outbox;
  /** The end of who delivered from this outbox before: nothing is done until then. */
  readonly after?: Promise<void>;
}

const mostInBatch = 100;
/** Lets enforcement go first, and what is decided at about the same time go together. */
const gatherMs = 20;
const lookAgainMs = 60_000;
/** About a week of failures: a notice that its notifier cannot take must not stay for ever. */
const mostAttempts = 2_000;

/** Delivers the notices of one notifier out of its outbox: one call at a time, with back-off. */
export class Delivery {
  readonly #given: DeliveryGiven;
  readonly #calls: NotifierCalls;
  readonly #stop = new AbortController();
  #stopAt = Number.POSITIVE_INFINITY;
  #running: Promise<void> | undefined;
  #woken = false;
  #timer: { readonly at: number; readonly cancel: CancelTimer } | undefined;
  #failures = 0;
  #batch = mostInBatch;
  #trouble: { readonly reason: string; readonly hint: string } | undefined;

  constructor(given: DeliveryGiven) {
    this.#given = given;
    this.#calls = new NotifierCalls(given);
  }

  wake(): void {
    // A back-off is kept; a run under way may have looked already and looks again.
    if (this.#failures > 0 && this.#running === undefined && this.#timer !== undefined) return;
    if (this.#running === undefined) this.#runAfter(gatherMs);
    else this.#woken = true;
  }

  status(): NotifierStatus {
    const { name, outbox } = this.#given;
    return this.#trouble
      ? { name, ...outbox.counts, state: 'degraded', ...this.#trouble }
      : { name, ...outbox.counts, state: 'ok' };
  }

  /** One last chance within the deadline; what is left stays in the outbox. */
  async stop(withinMs: number): Promise<void> {
    const { clock } = this.#given;
    if (this.#isStopping) return;
    this.#stopAt = clock.monotonic() + withinMs;
    this.#timer?.cancel();
    const late = Promise.withResolvers<void>();
    const cancel = clock.after(withinMs, late.resolve);
    await Promise.race([this.#lastRun(), late.promise]);
    cancel();
    this.#stop.abort();
  }

  async #lastRun(): Promise<void> {
    await this.#running;
    if (!this.#stop.signal.aborted) await this.#run();
  }

  /** The earlier of two wishes stands, so that a stream of wakes cannot put a run off. */
  #runAfter(delayMs: number): void {
    const { clock } = this.#given;
    const at = clock.monotonic() + delayMs;
    if (this.#isStopping) return;
    if (this.#timer !== undefined && this.#timer.at <= at) return;
    this.#timer?.cancel();
    const cancel = clock.after(delayMs, () => {
      this.#timer = undefined;
      this.#running = this.#run();
    });
    this.#timer = { at, cancel };
  }

  async #run(): Promise<void> {
    this.#woken = false;
    await this.#given.after;
    try {
      await this.#calls.start(this.#stop.signal, this.#left());
      while (await this.#deliverSome());
      if (this.#woken) this.#runAfter(gatherMs);
      else if (this.#given.outbox.counts.queued > 0) this.#runAfter(lookAgainMs);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#running = undefined;
    }
  }

  /** @returns whether there may be more to do at once */
  async #deliverSome(): Promise<boolean> {
    const { outbox } = this.#given;
    // The ledger may be closed once the deadline of a stop is over.
    if (this.#stop.signal.aborted) return false;
    outbox.record();
    const due = outbox.due(this.#batch, this.#isStopping);
    const tired = due.filter(({ attempts }) => attempts >= mostAttempts);
    if (tired.length > 0) {
      const reason = `given up after ${mostAttempts} attempts`;
      outbox.giveUp(
        tired.map(({ notice }) => notice),
        reason,
      );
      return true;
    }
    if (due.length > 0) await this.#deliver(due);
    if (due.length > 0 || outbox.counts.queued === 0) this.#recovered();
    return due.length > 0;
  }

  async #deliver(due: readonly QueuedNotice[]): Promise<void> {
    const notices = due.map(({ notice }) => notice);
    try {
      await this.#calls.deliver(notices, this.#stop.signal, this.#left());
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#putOff(due);
      throw error;
    }
    if (this.#stop.signal.aborted) return;
    this.#batch = Math.min(mostInBatch, this.#batch * 2);
    this.#given.outbox.sent(notices);
  }

  /** Smaller batches find the notice that makes a batch fail; alone, it lets others go first. */
  #putOff(due: readonly QueuedNotice[]): void {
    const { outbox, name } = this.#given;
    const ids = due.map(({ notice }) => notice.id);
    // Past the next run, which comes after the back-off.
    const aside = due.length === 1 && outbox.counts.queued > 1;
    this.#batch = Math.max(1, Math.ceil(due.length / 2));
    outbox.putOff(ids, aside ? 2 * backOffMs(name, this.#failures + 1) : 0);
  }

  get #isStopping(): boolean {
    return this.#stopAt !== Number.POSITIVE_INFINITY;
  }

  #left(): number {
    return this.#stopAt - this.#given.clock.monotonic();
  }

  #failed(error: unknown): void {
    const { logger, name } = this.#given;
    const reason = printable(reasonOf(error));
    const hint = error instanceof RemandError ? error.hint : undefined;
    if (this.#trouble === undefined) logger.warn('notifier-degraded', { notifier: name, reason });
    this.#trouble = {
      reason,
      hint: hint ?? `look at the options of notifier ${name}; its notices wait and are retried`,
    };
    this.#failures += 1;
    this.#runAfter(backOffMs(name, this.#failures));
  }

  #recovered(): void {
    const { logger, name } = this.#given;
    this.#failures = 0;
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    logger.info('notifier-recovered', { notifier: name });
  }
}
