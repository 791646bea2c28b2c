import {
  type CancelTimer,
  type Clock,
  CommandError,
  type Logger,
  type Notice,
  type Notifier,
  type NotifierStatus,
  type NotifyConfig,
  printable,
  RemandError,
  reasonOf,
} from '@remand/api';
import type { QueuedNotice } from '../ledger/ledger.ts';
import { backOffMs } from './back-off.ts';
import { NotifierCalls } from './notifier-calls.ts';
import type { Outbox } from './outbox.ts';
import type { Schedule } from './schedule.ts';
import { isRegular, isUrgent } from './urgency.ts';

export interface DeliveryGiven {
  readonly name: string;
  readonly notifier: Notifier;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly schedule: Schedule;
  /** Asked each time: a reload changes it. */
  readonly policy: () => NotifyConfig;
  /** The end of who delivered from this outbox before: nothing is done until then. */
  readonly after?: Promise<void>;
}

const mostInBatch = 100;
const lookAgainMs = 60_000;
/** Between two rounds of folding, so that enforcement goes first. */
const foldAgainMs = 20;
/** About a week of failures: a notice that its notifier cannot take must not stay for ever. */
const mostAttempts = 2_000;
/** Nobody says how long to wait beyond this. */
const longestRetryMs = 86_400_000;

/**
 * Delivers the notices of one notifier out of its outbox: one message at a time, when the policy
 * lets it go, with back-off.
 */
export class Delivery {
  readonly #given: DeliveryGiven;
  readonly #calls: NotifierCalls;
  readonly #stop = new AbortController();
  #stopAt = Number.POSITIVE_INFINITY;
  #stopped: Promise<void> | undefined;
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
    if (this.#running === undefined) this.#runAfter(this.#given.policy().gatherMs);
    else this.#woken = true;
  }

  status(): NotifierStatus {
    const { name, outbox } = this.#given;
    return this.#trouble
      ? { name, ...outbox.counts, state: 'degraded', ...this.#trouble }
      : { name, ...outbox.counts, state: 'ok' };
  }

  /** One last chance within the deadline; what is left stays in the outbox. Twice is the same stop. */
  stop(withinMs: number): Promise<void> {
    this.#stopped ??= this.#end(withinMs);
    return this.#stopped;
  }

  async #end(withinMs: number): Promise<void> {
    const { clock } = this.#given;
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
      let left: number;
      let nextMs: number;
      do {
        left = this.#given.outbox.counts.queued;
        nextMs = await this.#deliverNext();
        // In its last run it goes on while there is something that may go.
      } while (this.#isStopping && this.#given.outbox.counts.queued < left);
      if (this.#woken) this.#runAfter(this.#given.policy().gatherMs);
      this.#runAfter(nextMs);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#running = undefined;
    }
  }

  /** @returns ms until there may be more to do */
  async #deliverNext(): Promise<number> {
    const { outbox, clock, schedule, policy } = this.#given;
    const { most, gatherMs } = policy();
    // The ledger may be closed once the deadline of a stop is over.
    if (this.#stop.signal.aborted) return lookAgainMs;
    outbox.record();
    schedule.addRegularDigest();
    while (outbox.fold(most)) if (!this.#isStopping) return foldAgainMs;
    const due = this.#withoutTired(outbox.due(mostInBatch, this.#isStopping));
    if (due.length === 0) {
      if (outbox.counts.queued === 0) this.#recovered();
      const idleMs = schedule.untilRegularDigest();
      return outbox.counts.queued > 0 ? Math.min(lookAgainMs, idleMs) : idleMs;
    }
    const first = due.filter(({ notice }) => goesFirst(notice));
    const isFirstOnly = first.length === due.length;
    const gatheredMs = isFirstOnly ? longestRetryMs : schedule.waitMs(false);
    const urgent = gatheredMs > 0;
    const mayGo = urgent ? first : due;
    const waitMs = mayGo.length === 0 ? gatheredMs : urgent ? schedule.waitMs(true) : 0;
    if (waitMs > 0) return Math.min(waitMs, gatheredMs);
    const messages = await this.#deliver(mayGo.slice(0, this.#batch));
    // Aborted: what became of it is for the next run to find out.
    if (this.#stop.signal.aborted) return lookAgainMs;
    this.#recovered();
    schedule.sent({ urgent, messages }, clock.now());
    return gatherMs;
  }

  #withoutTired(due: readonly QueuedNotice[]): readonly QueuedNotice[] {
    const tired = due.filter(({ attempts }) => attempts >= mostAttempts);
    if (tired.length === 0) return due;
    this.#given.outbox.giveUp(
      tired.map(({ notice }) => notice),
      `given up after ${mostAttempts} attempts`,
    );
    return due.filter((one) => !tired.includes(one));
  }

  /** @returns how many messages it took */
  async #deliver(due: readonly QueuedNotice[]): Promise<number> {
    const notices = due.map(({ notice }) => notice);
    try {
      await this.#calls.deliver(notices, this.#stop.signal, this.#left());
    } catch (error) {
      if (this.#stop.signal.aborted) throw error;
      if (!isCode(error, 'NOTICE_REFUSED')) {
        this.#putOff(due, error);
        throw error;
      }
      return this.#deliverRefused(due, error);
    }
    if (this.#stop.signal.aborted) return 0;
    this.#batch = Math.min(mostInBatch, this.#batch * 2);
    this.#given.outbox.sent(notices);
    return 1;
  }

  /** Finds, half by half, what is refused for good, and gives that up. */
  async #deliverRefused(due: readonly QueuedNotice[], error: unknown): Promise<number> {
    const [first] = due;
    if (due.length === 1 && first) {
      const reason = printable(reasonOf(error), 300);
      this.#given.logger.warn('notice-refused', { notifier: this.#given.name, reason });
      const hint = error instanceof RemandError ? error.hint : undefined;
      this.#given.outbox.refuse(first.notice, { reason, ...(hint !== undefined && { hint }) });
      return 0;
    }
    const half = Math.ceil(due.length / 2);
    const messages = await this.#deliver(due.slice(0, half));
    if (this.#stop.signal.aborted) return messages;
    return messages + (await this.#deliver(due.slice(half)));
  }

  /**
   * Smaller batches find the notice that makes a plugin fail; alone, it lets others go first. A
   * server that is not there fails for all alike: then they stay together.
   */
  #putOff(due: readonly QueuedNotice[], error: unknown): void {
    const { outbox, name } = this.#given;
    const ids = due.map(({ notice }) => notice.id);
    if (isCode(error, 'NOTICE_FAILED')) {
      outbox.putOff(ids, 0);
      return;
    }
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
    const asked = error instanceof CommandError ? (error.retryAfterMs ?? 0) : 0;
    this.#runAfter(Math.max(backOffMs(name, this.#failures), Math.min(asked, longestRetryMs)));
  }

  #recovered(): void {
    const { logger, name } = this.#given;
    this.#failures = 0;
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    logger.info('notifier-recovered', { notifier: name });
  }
}

/** What does not wait for the end of a flood. */
function goesFirst(notice: Notice): boolean {
  return isUrgent(notice) || isRegular(notice);
}

function isCode(error: unknown, code: CommandError['code']): boolean {
  return error instanceof CommandError && error.code === code;
}
