import {
  type CancelTimer,
  InternalError,
  PluginError,
  printable,
  reasonOf,
  type SourceBatch,
  type SourceFeed,
  type SourceHealth,
} from '@remand/api';
import { withDeadline } from '../plugins/with-deadline.ts';
import type { SourceHubGiven, SourceSpec } from './source-hub.ts';

const startDeadlineMs = 30_000;
const retryStartMs = 5_000;
const longestName = 4_096;

export interface SourceRunnerGiven extends Pick<SourceHubGiven, 'clock' | 'logger' | 'bookmark'> {
  readonly spec: SourceSpec;
  readonly maxLineBytes: number;
  readonly process: (batch: SourceBatch) => void;
}

/** One source at work: starts it until that succeeds, and takes what it hands over. */
export class SourceRunner {
  readonly #given: SourceRunnerGiven;
  readonly #reports = new Map<string, SourceHealth>();
  readonly #abort = new AbortController();
  readonly #inFlight = new Set<Promise<void>>();
  #cancelRetry: CancelTimer | undefined;
  #isClosed = false;

  constructor(given: SourceRunnerGiven) {
    this.#given = given;
  }

  get reports(): Iterable<SourceHealth> {
    return this.#reports.values();
  }

  start(): void {
    this.#begin().catch((error: unknown) => {
      if (this.#isClosed) return;
      const { name, uses } = this.#given.spec;
      this.#report('start', {
        state: 'degraded',
        reason: `source ${name} failed to start: ${text(error)}`,
        hint: 'it is tried again every five seconds',
        label: name,
        uses: uses.map(({ id }) => id),
      });
      this.#cancelRetry = this.#given.clock.after(retryStartMs, () => {
        if (!this.#isClosed) this.start();
      });
    });
  }

  /** No batch is taken any more. */
  close(): void {
    this.#isClosed = true;
    this.#cancelRetry?.();
    this.#abort.abort();
  }

  /** Stops the source, and closes when it has stopped or the deadline is over. Never rejects. */
  async stop(deadlineMs: number): Promise<void> {
    const { clock, logger } = this.#given;
    const { name, source } = this.#given.spec;
    this.#cancelRetry?.();
    try {
      const given = { clock, deadlineMs, what: `source ${name}: stop` };
      await withDeadline(given, async () => source.stop?.(deadlineMs));
    } catch (error) {
      logger.warn('source-stop-failed', { source: name, reason: text(error) });
    }
    this.close();
    await Promise.allSettled(this.#inFlight);
  }

  async #begin(): Promise<void> {
    const feed: SourceFeed = {
      maxLineBytes: this.#given.maxLineBytes,
      bookmark: (stream) => this.#given.bookmark(stream),
      push: (batch) => this.#push(batch),
      health: (key, report) => this.#report(key, report),
    };
    const started = this.#given.spec.source.start(feed, this.#abort.signal);
    const late = Promise.withResolvers<never>();
    const cancel = this.#given.clock.after(startDeadlineMs, () =>
      late.reject(new Error(`it did not start within ${startDeadlineMs / 1000} s`)),
    );
    try {
      await Promise.race([started, late.promise]);
      this.#reports.delete('start');
    } finally {
      cancel();
    }
  }

  async #push(batch: SourceBatch): Promise<void> {
    if (this.#isClosed) throw this.#tooLate();
    checkBatch(batch, this.#given.spec);
    const work = (async () => {
      this.#given.process(batch);
      // A backlog is many batches in a row: timers and firewalls get their turn in between.
      if (!batch.live) await new Promise<void>((resolve) => setImmediate(resolve));
    })();
    this.#inFlight.add(work);
    try {
      await work;
    } finally {
      this.#inFlight.delete(work);
    }
  }

  /** One that nobody catches is known by its code, and ends no daemon. */
  #tooLate(): PluginError {
    const plugin = `source ${this.#given.spec.name}`;
    return new PluginError('PLUGIN_LATE', `remand is stopping ${plugin}: its lines are not taken`, {
      plugin,
      phase: 'stop',
      hint: 'stop must end all work before it resolves: clear timers, close what calls back',
    });
  }

  #report(key: string, report: SourceHealth): void {
    if (this.#isClosed) return;
    const before = this.#reports.get(key);
    this.#reports.set(key, report);
    if (report.state === 'degraded' && before?.state !== 'degraded') {
      const { reason, hint, label } = report;
      this.#given.logger.warn('source-degraded', { source: label, reason, hint });
    } else if (report.state === 'ok' && before?.state === 'degraded') {
      this.#given.logger.info('source-recovered', { source: report.label });
    }
  }
}

function checkBatch(batch: SourceBatch, { name, uses }: SourceSpec): void {
  const wrong =
    batch.stream.length > longestName || batch.bookmark.length > longestName
      ? 'a stream or bookmark is too long'
      : batch.uses.some((id) => !uses.some((use) => use.id === id))
        ? 'a use is not one of its own'
        : undefined;
  if (wrong) throw new InternalError(`source ${name} pushed a batch that cannot be: ${wrong}`);
}

function text(error: unknown): string {
  return printable(reasonOf(error), 300);
}
