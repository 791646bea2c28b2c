import type { Clock, FlushOutcome, ListStatus, Logger, Target } from '@remand/api';
import { reasonOf } from '@remand/api';
import { withDeadline } from '../plugins/with-deadline.ts';
import { Alarm } from './alarm.ts';
import { backOffMs } from './back-off.ts';
import { type ListCore, listCore } from './list-core.ts';
import { troubleOf } from './list-down.ts';
import { type EntryState, type ListView, listStatus, type Phase, stateOf } from './list-report.ts';
import type { DesiredState, EnforceListener, ListSpec, RowStore } from './list-spec.ts';
import { ReadSchedule } from './read-schedule.ts';
import { RetrySchedule } from './retry-schedule.ts';
import { StepLoop } from './step-loop.ts';
import { instant, wantedEnd } from './timeouts.ts';

export interface ListActorGiven {
  readonly spec: ListSpec;
  readonly desired: DesiredState;
  readonly rows: RowStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly listener: EnforceListener;
}

export type FlushResult = FlushOutcome['lists'][number];

/** Enforces one list, one step at a time, without ever waiting for another list. */
export class ListActor {
  readonly #given: ListActorGiven;
  readonly #core: ListCore;
  readonly #loop: StepLoop;
  readonly #nextStart: Alarm;
  readonly #reads: ReadSchedule;
  readonly #retries: RetrySchedule;
  readonly #watch = new AbortController();
  #phase: Phase = 'new';
  #trouble: ListView['trouble'];
  /** Newly decided; `#older` is what a comparison is about, `#again` what was refused. */
  #fresh = new Set<Target>();
  #older = new Set<Target>();
  #again = new Set<Target>();
  #inFlight: ReadonlySet<Target> = new Set();
  #toRead = false;
  #flushing: PromiseWithResolvers<FlushResult> | undefined;
  /** What rows that are not loaded yet say about their entries. */
  #unloaded: 'maybe' | 'out' | undefined = 'maybe';
  #isWatched = false;
  #failures = 0;
  /** Something was told to be not enforced. */
  #isIll = false;
  #repaired = 0;
  #stopping: Promise<void> | undefined;

  constructor(given: ListActorGiven) {
    this.#given = given;
    const { clock, spec } = given;
    this.#core = listCore({
      ...given,
      listener: this.#guarded(given.listener),
      onLate: () => this.#reads.soon(),
      onReread: () => this.#addAll(),
    });
    const { rows, troubles } = this.#core;
    this.#loop = new StepLoop(
      () => this.#step(),
      (error) => this.#fail(error),
    );
    this.#nextStart = new Alarm(clock, () => this.#begin());
    this.#reads = new ReadSchedule(clock, spec.action.watch !== undefined, () => this.reread());
    const retry = (targets: readonly Target[]) => this.#tryAgain(targets);
    this.#retries = new RetrySchedule({ clock, rows, troubles, retry });
  }

  get key(): string {
    return this.#given.spec.key;
  }

  start(): void {
    if (this.#phase !== 'new') return;
    this.#begin();
    try {
      // At once: what is recorded later, before the first reading, was never sent by anybody.
      this.#loadRows();
    } catch (error) {
      this.#given.logger.error('rows-unreadable', { list: this.key, reason: reasonOf(error) });
    }
  }

  changed(targets: Iterable<Target>, isRecorded: boolean): void {
    if (this.#isIn('new', 'paused', 'stopped')) return;
    for (const target of targets) {
      if (isRecorded) this.#core.table.setRecorded(target, true);
      this.#fresh.add(target);
    }
    this.#loop.kick();
  }

  /** Compares everything with the firewall, soon. */
  reread(): void {
    this.#toRead = true;
    this.#loop.kick();
  }

  stateOf(target: Target): EntryState {
    return stateOf(this.#core, this.#view(), target);
  }

  status(): ListStatus {
    return listStatus(this.#core, this.#view());
  }

  /** Takes out what is ours and pauses the list. Never rejects. */
  flush(): Promise<FlushResult> {
    this.#flushing ??= Promise.withResolvers<FlushResult>();
    this.#loop.kick();
    return this.#flushing.promise;
  }

  resume(): void {
    if (this.#phase === 'paused') this.#begin();
  }

  /** Resolves when nothing can be done before a timer fires. */
  settled(): Promise<void> {
    return this.#loop.idle();
  }

  stop(deadlineMs: number, flush: boolean): Promise<void> {
    this.#stopping ??= this.#stop(deadlineMs, flush);
    return this.#stopping;
  }

  /** @returns false when there is nothing to do now */
  async #step(): Promise<boolean> {
    if (this.#flushing && !this.#isIn('stopped')) {
      await this.#takeOut(this.#flushing);
      return true;
    }
    if (this.#phase === 'starting') {
      await this.#startUp();
      return true;
    }
    if (this.#phase !== 'ready') return false;
    if (this.#toRead) await this.#reconcile();
    else if (this.#fresh.size + this.#older.size > 0) await this.#enforce();
    else if (this.#again.size > 0) await this.#enforceAgain();
    else return this.#rest();
    return true;
  }

  async #startUp(): Promise<void> {
    const { work } = this.#core;
    await work.start();
    this.#loadRows();
    const found = await work.read();
    if (this.#phase !== 'starting') return;
    this.#phase = 'ready';
    this.#toRead = false;
    this.#reads.done(found);
    this.#addAll();
    this.#beginWatch();
    this.#given.logger.info('list-ready', { list: this.key });
  }

  async #reconcile(): Promise<void> {
    this.#toRead = false;
    const found = await this.#core.work.read();
    this.#reads.done(found);
    this.#addAll();
    if (found.missing + found.extra === 0) return;
    this.#repaired += found.missing + found.extra;
    this.#guarded(this.#given.listener).drift(this.key, found);
  }

  async #enforce(): Promise<void> {
    const fresh = this.#fresh;
    const targets = this.#older.size === 0 ? fresh : fresh.union(this.#older);
    this.#fresh = new Set();
    this.#older = new Set();
    this.#inFlight = targets;
    try {
      await this.#core.work.enforce(targets, fresh);
      this.#inFlight = new Set();
    } catch (error) {
      this.#inFlight = new Set();
      // They stay new decisions after the next start of the list.
      for (const target of fresh) this.#fresh.add(target);
      throw error;
    }
  }

  async #enforceAgain(): Promise<void> {
    const again = this.#again;
    this.#again = new Set();
    await this.#core.work.enforce(again, again);
  }

  /** Nothing is left to do. @returns whether that turned out to be wrong */
  #rest(): boolean {
    const { work, troubles } = this.#core;
    for (const target of work.intoRoom()) this.#older.add(target);
    if (this.#older.size > 0) return true;
    this.#failures = 0;
    this.#trouble = undefined;
    this.#retries.arrange();
    if (this.#isIll && troubles.size === 0) {
      this.#isIll = false;
      troubles.clearAll();
      this.#guarded(this.#given.listener).recovered(this.key);
    }
    return false;
  }

  async #takeOut(request: PromiseWithResolvers<FlushResult>): Promise<void> {
    const { caller, work, rows, troubles } = this.#core;
    const list = this.key;
    let result: FlushResult;
    try {
      // In a container of others only the kernel knows which entries are ours.
      if (this.#given.spec.ownership === 'own') await caller.flush();
      else {
        if (this.#phase !== 'ready') await work.start();
        this.#loadRows();
        await work.removeAll();
      }
      rows.dropAll();
      troubles.clearAll();
      this.#quiet();
      this.#phase = 'paused';
      this.#unloaded = 'out';
      this.#isIll = false;
      result = { list, removed: true };
    } catch (error) {
      result = { list, removed: false, reason: troubleOf(error).reason };
      if (this.#phase === 'ready') this.#begin();
    }
    this.#flushing = undefined;
    this.#given.logger.info('list-flushed', { ...result });
    request.resolve(result);
  }

  async #stop(deadlineMs: number, flush: boolean): Promise<void> {
    const { clock, logger } = this.#given;
    const { caller } = this.#core;
    const end = clock.monotonic() + deadlineMs;
    const leftMs = () => Math.max(1, end - clock.monotonic());
    const what = `action ${this.key}`;
    const steps = [
      async () => {
        if (flush && this.#phase !== 'new') await this.flush();
      },
      async () => {
        this.#phase = 'stopped';
        this.#quiet();
        this.#watch.abort();
        caller.close();
        await this.#loop.idle();
      },
      () => caller.stop(leftMs()),
    ];
    for (const step of steps) {
      try {
        await withDeadline({ clock, deadlineMs: leftMs(), what }, step);
      } catch (error) {
        logger.warn('list-stop-failed', { list: this.key, ...troubleOf(error) });
      }
    }
  }

  #begin(): void {
    if (this.#phase === 'stopped') return;
    this.#phase = 'starting';
    this.#loop.kick();
  }

  #fail(error: unknown): void {
    if (this.#isIn('stopped', 'paused')) return;
    const before = this.#trouble?.reason;
    this.#phase = 'down';
    this.#trouble = troubleOf(error);
    this.#failures++;
    this.#reads.clear();
    this.#retries.clear();
    this.#nextStart.set(backOffMs(this.#failures));
    if (this.#trouble.reason !== before) {
      this.#given.logger.warn('list-degraded', { list: this.key, ...this.#trouble });
    }
    this.#tellDown(this.#trouble.reason);
  }

  /** A first failure can be over in a second: then only what waits is told. */
  #tellDown(reason: string): void {
    const { clock, desired, spec, listener } = this.#given;
    const at = instant(clock);
    const out: Target[] = [];
    for (const [target, until] of desired.entries(this.key)) {
      if (wantedEnd(until, spec.action.limits.maxTimeoutMs, at) === undefined) continue;
      if (this.#failures > 1 || this.#core.table.get(target)?.presence !== 'in') out.push(target);
    }
    const news = this.#core.troubles.tell(out);
    if (news.length > 0) this.#guarded(listener).notEnforced(this.key, news, reason);
  }

  #tryAgain(targets: readonly Target[]): void {
    for (const target of targets) this.#again.add(target);
    this.#loop.kick();
  }

  #loadRows(): void {
    if (this.#unloaded === undefined) return;
    this.#core.rows.load(this.#unloaded);
    this.#unloaded = undefined;
  }

  #addAll(): void {
    for (const target of this.#core.table.targets()) this.#older.add(target);
    for (const [target] of this.#given.desired.entries(this.key)) this.#older.add(target);
  }

  #beginWatch(): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    this.#given.spec.action.watch?.(() => this.#reads.soon(), this.#watch.signal);
  }

  #quiet(): void {
    this.#nextStart.clear();
    this.#reads.clear();
    this.#retries.clear();
    for (const set of [this.#fresh, this.#older, this.#again]) set.clear();
    this.#trouble = undefined;
    this.#toRead = false;
  }

  #isIn(...phases: readonly Phase[]): boolean {
    return phases.includes(this.#phase);
  }

  #view(): ListView {
    const pending = [this.#fresh, this.#older, this.#inFlight];
    return {
      phase: this.#phase,
      trouble: this.#trouble,
      isPending: (target) => this.#flushing !== undefined || pending.some((set) => set.has(target)),
      pending: pending.reduce((sum, set) => sum + set.size, this.#flushing ? 1 : 0),
      lastReadAt: this.#reads.latest,
      repaired: this.#repaired,
      at: instant(this.#given.clock),
    };
  }

  /** A listener that throws must not look like a failure of the list. */
  #guarded(listener: EnforceListener): EnforceListener {
    const tell = (call: () => void) => {
      if (this.#phase === 'stopped') return;
      try {
        call();
      } catch (error) {
        this.#given.logger.error('listener-threw', { list: this.key, reason: reasonOf(error) });
      }
    };
    return {
      notEnforced: (...told) => {
        this.#isIll = true;
        tell(() => listener.notEnforced(...told));
      },
      recovered: (...told) => tell(() => listener.recovered(...told)),
      drift: (...told) => tell(() => listener.drift(...told)),
      enforced: (...told) => tell(() => listener.enforced(...told)),
    };
  }
}
