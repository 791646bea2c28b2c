import type {
  Clock,
  Health,
  Logger,
  OptionsSchema,
  Source,
  SourceBatch,
  SourceFeed,
  SourceHealth,
  SourcePlugin,
  SourceUse,
} from '@remand/api';
import { InternalError, printable, reasonOf } from '@remand/api';
import type { Dispatch } from '../detect/dispatch.ts';
import { withDeadline } from '../plugins/with-deadline.ts';

export type AnySource = SourcePlugin<OptionsSchema, readonly never[]>;

/** One source plugin with all its uses. */
export interface SourceSpec {
  readonly name: string;
  readonly source: Source;
  readonly uses: readonly SourceUse<unknown>[];
}

export interface SourceHubGiven {
  readonly sources: readonly SourceSpec[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxLineBytes: number;
  readonly bookmark: (stream: string) => string | undefined;
  /** The dispatch table for the jails of these uses. */
  readonly dispatchFor: (uses: readonly string[]) => Dispatch;
  /** Detects, decides, commits. Synchronous. */
  readonly process: (batch: SourceBatch, dispatch: Dispatch) => void;
}

const startDeadlineMs = 30_000;
const retryStartMs = 5_000;
const longestName = 4_096;

/** Starts sources, takes their batches one at a time, and keeps what they report of themselves. */
export class SourceHub {
  readonly #given: SourceHubGiven;
  readonly #reports = new Map<string, SourceHealth>();
  readonly #abort = new AbortController();
  readonly #dispatches = new Map<string, Dispatch>();
  readonly #inFlight = new Set<Promise<void>>();
  #stopped = false;

  constructor(given: SourceHubGiven) {
    this.#given = given;
  }

  start(): void {
    for (const spec of this.#given.sources) this.#run(spec);
  }

  /** How the sources of a jail fare. */
  healthOf(jail: string): readonly (Health & { readonly label: string })[] {
    const ids = new Set(
      this.#given.sources.flatMap(({ uses }) =>
        uses.filter(({ jails }) => jails.includes(jail)).map(({ id }) => id),
      ),
    );
    return [...this.#reports.values()]
      .filter(({ uses }) => uses.some((id) => ids.has(id)))
      .map(({ uses: _ours, ...shown }) => shown);
  }

  /** Refuses new batches, waits for the one under way, stops the sources. */
  async stop(deadlineMs: number): Promise<void> {
    this.#stopped = true;
    this.#abort.abort();
    await Promise.all(
      this.#given.sources.map(async ({ name, source }) => {
        try {
          const given = { clock: this.#given.clock, deadlineMs, what: `source ${name}: stop` };
          await withDeadline(given, async () => source.stop?.(deadlineMs));
        } catch (error) {
          this.#given.logger.warn('source-stop-failed', { source: name, reason: text(error) });
        }
      }),
    );
    await Promise.allSettled(this.#inFlight);
  }

  #run(spec: SourceSpec): void {
    const feed: SourceFeed = {
      maxLineBytes: this.#given.maxLineBytes,
      bookmark: (stream) => this.#given.bookmark(stream),
      push: (batch) => this.#push(batch, spec),
      health: (key, report) => this.#report(`${spec.name}/${key}`, report),
    };
    const uses = spec.uses.map(({ id }) => id);
    const begin = async (): Promise<void> => {
      const started = spec.source.start(feed, this.#abort.signal);
      const late = Promise.withResolvers<never>();
      const cancel = this.#given.clock.after(startDeadlineMs, () =>
        late.reject(new Error(`it did not start within ${startDeadlineMs / 1000} s`)),
      );
      try {
        await Promise.race([started, late.promise]);
        this.#reports.delete(`${spec.name}/start`);
      } finally {
        cancel();
      }
    };
    begin().catch((error: unknown) => {
      if (this.#stopped) return;
      this.#report(`${spec.name}/start`, {
        state: 'degraded',
        reason: `source ${spec.name} failed to start: ${text(error)}`,
        hint: 'it is tried again every five seconds',
        label: spec.name,
        uses,
      });
      this.#given.clock.after(retryStartMs, () => {
        if (!this.#stopped) this.#run(spec);
      });
    });
  }

  async #push(batch: SourceBatch, spec: SourceSpec): Promise<void> {
    if (this.#stopped) throw new Error('remand is stopping');
    checkBatch(batch, spec);
    const work = (async () => {
      this.#given.process(batch, this.#dispatchFor(batch.uses));
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

  #dispatchFor(uses: readonly string[]): Dispatch {
    const key = uses.join('\n');
    const known = this.#dispatches.get(key) ?? this.#given.dispatchFor(uses);
    this.#dispatches.set(key, known);
    return known;
  }

  #report(key: string, report: SourceHealth): void {
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
