import { type ListStatus, printable, reasonOf, type Target } from '@remand/api';
import { Backlog } from './backlog.ts';
import { guardedListener } from './guarded-listener.ts';
import type { FlushResult, ListActorGiven } from './list-actor-given.ts';
import { type ListCore, listCore } from './list-core.ts';
import { troubleOf } from './list-down.ts';
import { type EntryState, type ListView, listStatus, type Phase, stateOf } from './list-report.ts';
import type { EnforceListener, ListSpec } from './list-spec.ts';
import { Outage } from './outage.ts';
import { ReadSchedule } from './read-schedule.ts';
import { RetrySchedule } from './retry-schedule.ts';
import { StepLoop } from './step-loop.ts';
import { stopList } from './stop-list.ts';
import { instant } from './timeouts.ts';

/** Enforces one list, one step at a time, without ever waiting for another list. */
export class ListActor {
  readonly key: string;
  readonly #given: ListActorGiven;
  readonly #listener: EnforceListener;
  readonly #core: ListCore;
  readonly #backlog = new Backlog();
  readonly #loop: StepLoop;
  readonly #outage: Outage;
  readonly #reads: ReadSchedule;
  readonly #retries: RetrySchedule;
  readonly #watch = new AbortController();
  #phase: Phase = 'new';
  #toRead = false;
  #flushing: PromiseWithResolvers<FlushResult> | undefined;
  #isWatched = false;
  #repaired = 0;
  #isRetired = false;
  #hasBeenUp = false;
  #hasSettled = false;
  /** What a retired list goes on to block; undefined when nothing is to be let out of it. */
  #stays: ((target: Target) => boolean) | undefined;
  #stopping: Promise<void> | undefined;

  constructor(given: ListActorGiven) {
    const { clock, spec } = given;
    this.key = spec.key;
    this.#given = given;
    this.#listener = guardedListener({ ...given, isOver: () => this.#phase === 'stopped' });
    this.#core = listCore({
      ...given,
      listener: this.#listener,
      onLate: () => this.#reads.soon(),
      onReread: () => this.#addAll(),
    });
    this.#loop = new StepLoop(
      () => this.#step(),
      (error) => this.#fail(error),
    );
    this.#outage = new Outage({ ...given, list: spec.key, tryAgain: () => this.#begin() });
    this.#reads = new ReadSchedule(clock, spec.action.watch !== undefined, () => this.reread());
    const { rows, troubles } = this.#core;
    const retry = (targets: readonly Target[]) => {
      this.#backlog.addAgain(targets);
      this.#loop.kick();
    };
    this.#retries = new RetrySchedule({ clock, rows, troubles, retry });
  }

  get spec(): ListSpec {
    return this.#given.spec;
  }

  start(): void {
    if (this.#phase !== 'new') return;
    this.#begin();
    try {
      // At once: what is recorded later, before the first reading, was never sent by anybody.
      this.#core.rows.load();
    } catch (error) {
      const reason = printable(reasonOf(error));
      this.#given.logger.error('rows-unreadable', { list: this.key, reason });
    }
  }

  changed(targets: Iterable<Target>, isRecorded: boolean): void {
    if (this.#isIn('new', 'paused', 'stopped')) return;
    for (const target of targets) {
      if (isRecorded) this.#core.table.setRecorded(target, true);
      this.#backlog.addFresh(target);
    }
    this.#loop.kick();
  }

  /** Compares everything with the firewall. */
  reread(): void {
    this.#toRead = true;
    this.#loop.kick();
  }

  /** Whether it has dealt with everything that it should hold, or was told to hold nothing. */
  get hasSettled(): boolean {
    return this.#phase === 'paused' || (this.#phase === 'ready' && this.#hasSettled);
  }

  /** Whether it enters nothing until `resume`. */
  get isPaused(): boolean {
    return this.#phase === 'paused';
  }

  /** Whether it has ever entered anything, or could have. */
  get hasBeenUp(): boolean {
    return this.#hasBeenUp;
  }

  /** What is desired may have changed for any target: looks at all of them. */
  recheck(): void {
    if (this.#phase !== 'ready') return;
    this.#hasSettled = false;
    this.#addAll();
    this.#loop.kick();
  }

  /** Enters nothing any more: what is in stays until `letOut` or `flush`. */
  retire(): void {
    this.#isRetired = true;
    this.#watch.abort();
    this.#quiet();
  }

  /** Takes out of a retired list what is not to stay. One of these targets may not, or any. */
  letOut(stays: (target: Target) => boolean, targets?: Iterable<Target>): void {
    const { table } = this.#core;
    if (this.#isIn('paused', 'stopped')) return;
    if (targets && [...targets].every((target) => !table.get(target) || stays(target))) return;
    this.#stays = stays;
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
    if (this.#phase === 'stopped') return Promise.resolve(this.#tooLate);
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
    const { caller } = this.#core;
    this.#stopping ??= stopList({ ...this.#given, list: this.key, deadlineMs }, [
      async () => {
        if (flush && (this.#isRetired || this.#phase !== 'new')) await this.flush();
      },
      async () => {
        this.#phase = 'stopped';
        this.#quiet();
        this.#watch.abort();
        caller.close();
        await this.#loop.idle();
        // Somebody may have asked for it just now.
        this.#flushing?.resolve(this.#tooLate);
      },
      (leftMs) => caller.stop(leftMs),
    ]);
    return this.#stopping;
  }

  /** @returns false when there is nothing to do now */
  async #step(): Promise<boolean> {
    if (this.#phase === 'stopped') return false;
    if (this.#flushing) await this.#takeOut(this.#flushing);
    else if (this.#isRetired) return await this.#letOut();
    else if (this.#phase === 'starting') await this.#startUp();
    else if (this.#phase !== 'ready') return false;
    else if (this.#toRead) await this.#reconcile();
    else {
      const { work } = this.#core;
      return (await this.#backlog.take((all, fresh) => work.enforce(all, fresh))) || this.#rest();
    }
    return true;
  }

  async #startUp(): Promise<void> {
    const { work, rows } = this.#core;
    await work.start();
    rows.load();
    const found = await work.read();
    if (this.#phase !== 'starting') return;
    this.#phase = 'ready';
    this.#hasBeenUp = true;
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
    this.#listener.drift(this.key, found);
  }

  /** Nothing is left to do. @returns whether that turned out to be wrong */
  #rest(): boolean {
    const { work, troubles } = this.#core;
    this.#backlog.addOlder(work.intoRoom());
    if (this.#backlog.size > 0) return true;
    this.#hasSettled = true;
    this.#outage.over();
    this.#retries.arrange();
    if (troubles.recovered()) this.#listener.recovered(this.key);
    return false;
  }

  async #letOut(): Promise<boolean> {
    const stays = this.#stays;
    if (!stays) return false;
    this.#stays = undefined;
    await this.#core.work.letOut(this.#phase === 'ready', stays);
    return true;
  }

  async #takeOut(request: PromiseWithResolvers<FlushResult>): Promise<void> {
    let result: FlushResult = { list: this.key, removed: true };
    try {
      await this.#core.work.takeOut(this.#phase === 'ready');
      this.#quiet();
      this.#phase = 'paused';
    } catch (error) {
      result = { list: this.key, removed: false, reason: troubleOf(error).reason };
      // What is left in is not known.
      if (this.#phase === 'ready') this.#begin();
    }
    this.#flushing = undefined;
    this.#given.logger.info('list-flushed', { ...result });
    request.resolve(result);
  }

  #begin(): void {
    if (this.#phase === 'stopped') return;
    this.#phase = 'starting';
    this.#hasSettled = false;
    this.#loop.kick();
  }

  #fail(error: unknown): void {
    if (this.#isIn('stopped', 'paused') || this.#isRetired) return;
    this.#phase = 'down';
    this.#reads.clear();
    this.#retries.clear();
    const { reason, isLasting } = this.#outage.failed(error);
    this.#core.work.tellDown(reason, isLasting);
  }

  #addAll(): void {
    this.#backlog.addOlder(this.#core.table.targets());
    for (const [target] of this.#given.desired.entries(this.key)) this.#backlog.addOlder([target]);
  }

  #beginWatch(): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    this.#given.spec.action.watch?.(() => this.#reads.soon(), this.#watch.signal);
  }

  #quiet(): void {
    this.#outage.over();
    this.#reads.clear();
    this.#retries.clear();
    this.#backlog.clear();
    this.#toRead = false;
    this.#stays = undefined;
  }

  get #tooLate(): FlushResult {
    return { list: this.key, removed: false, reason: 'remand is being stopped' };
  }

  #isIn(...phases: readonly Phase[]): boolean {
    return phases.includes(this.#phase);
  }

  #view(): ListView {
    const isFlushing = this.#flushing !== undefined;
    return {
      phase: this.#phase,
      trouble: this.#outage.trouble,
      isPending: (target) => isFlushing || this.#backlog.has(target),
      pending: this.#backlog.size + (isFlushing ? 1 : 0),
      lastReadAt: this.#reads.latest,
      repaired: this.#repaired,
      at: instant(this.#given.clock),
    };
  }
}
