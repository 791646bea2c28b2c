import { type CancelTimer, printable, reasonOf } from '@remand/api';
import { endHolds } from './end-holds.ts';
import { keepEntriesMs } from './escalate/keep-entries.ts';
import { liftForbidden } from './lift-forbidden.ts';
import type { KernelParts } from './parts.ts';

const tickMs = 1_000;
/** A wall clock that moved by more than this against the monotonic one was set. */
const stepMs = 2_000;
const refreshEveryMs = 60_000;
const pruneEveryMs = 3_600_000;
/** Nothing is pruned while a backlog is read: after this it is asked again. */
const backlogPauseMs = 120_000;

/** What has to happen as time goes by: holds end, clocks jump, names are resolved again. */
export class Ticker {
  readonly #parts: KernelParts;
  #cancel: CancelTimer | undefined;
  #stopped = false;
  #wall: number;
  #steady: number;
  #refreshedAt: number;
  #prunedAt: number;
  #refreshing = false;
  #liftedFor: number | undefined;

  constructor(parts: KernelParts) {
    this.#parts = parts;
    this.#wall = parts.clock.now();
    this.#steady = parts.clock.monotonic();
    this.#refreshedAt = this.#steady;
    this.#prunedAt = this.#steady;
  }

  /** What the never-ban set forbade until now has been lifted. */
  start(): void {
    this.#liftedFor = this.#parts.neverBan.version;
    this.#arm();
  }

  #arm(): void {
    this.#cancel = this.#parts.clock.after(tickMs, () => {
      try {
        this.#tick();
      } catch (error) {
        this.#parts.logger.error('tick-failed', { reason: printable(reasonOf(error)) });
      }
      if (!this.#stopped) this.#arm();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #tick(): void {
    const { escalation, network, known, clock, writer, fuse, logger, neverBan, jails } =
      this.#parts;
    const { enforcer, retired, routes } = this.#parts;
    const now = clock.now();
    const steady = clock.monotonic();
    const step = now - this.#wall - (steady - this.#steady);
    this.#wall = now;
    this.#steady = steady;
    endHolds(this.#parts, now);
    enforcer.recheck(routes.settle((list) => enforcer.hasSettled(list)));
    if (Math.abs(step) > stepMs) {
      logger.warn('clock-step', { seconds: Math.round(step / 1000) });
      enforcer.reapplyAll('the clock was set');
      for (const { window } of jails) window.forgetAfter(now);
      if (step < 0) {
        fuse.reset();
        escalation.clockSetBack();
        network.clockSetBack();
        known.clockSetBack();
      }
    }
    // A refresh may have been too slow for the start.
    if (neverBan.version !== this.#liftedFor) {
      this.#liftedFor = neverBan.version;
      liftForbidden(this.#parts);
    }
    writer.retry();
    retired.retry();
    if (fuse.settle(now)) logger.info('fuse-closed');
    if (neverBan.expireAllowed(now)) logger.info('allow-ended');
    if (steady - this.#refreshedAt >= refreshEveryMs) {
      this.#refreshedAt = steady;
      for (const jail of jails) {
        if (jail.readsBacklog(steady)) continue;
        jail.window.sweep(now);
        jail.pastHolds.sweep(now - 2 * jail.config.findTimeMs);
      }
      if (!jails.some((jail) => jail.readsBacklog(steady))) {
        const longest = Math.max(0, ...jails.map(({ config }) => config.findTimeMs));
        this.#parts.holds.ranges.sweep(now - 2 * longest);
      }
      void this.#refreshNeverBan();
    }
    if (steady - this.#prunedAt >= pruneEveryMs) {
      this.#prunedAt = steady;
      this.#prune(now);
    }
  }

  async #refreshNeverBan(): Promise<void> {
    if (this.#refreshing) return;
    this.#refreshing = true;
    try {
      await this.#parts.neverBan.refresh();
    } catch (error) {
      this.#parts.logger.warn('never-ban-failed', { reason: printable(reasonOf(error)) });
    } finally {
      this.#refreshing = false;
    }
  }

  #prune(now: number): void {
    const { ledger, jails, generation } = this.#parts;
    const steady = this.#parts.clock.monotonic();
    if (jails.some((jail) => jail.readsBacklog(steady))) {
      this.#prunedAt = steady - pruneEveryMs + backlogPauseMs;
      return;
    }
    const keepMs = keepEntriesMs(generation.config);
    const longest = Math.max(0, ...jails.map(({ config }) => config.findTimeMs));
    const more = ledger.prune({ offences: now - longest, entries: now - keepMs }, now);
    // It deletes a little at a time, so that no ban waits: the rest at the next tick.
    if (more) this.#prunedAt = Number.NEGATIVE_INFINITY;
  }
}
