import type { Clock, Health, Logger, Source, SourceBatch, SourceUse } from '@remand/api';
import type { Dispatch } from '../detect/dispatch.ts';
import { SourceRunner } from './source-runner.ts';

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

/** Starts sources, takes their batches one at a time, and keeps what they report of themselves. */
export class SourceHub {
  readonly #given: SourceHubGiven;
  readonly #dispatches = new Map<string, Dispatch>();
  #sources: readonly SourceSpec[];
  #maxLineBytes: number;
  #runners = new Map<string, SourceRunner>();
  #isStopped = false;

  constructor(given: SourceHubGiven) {
    this.#given = given;
    this.#sources = given.sources;
    this.#maxLineBytes = given.maxLineBytes;
  }

  start(): void {
    this.adopt({ sources: this.#sources, maxLineBytes: this.#maxLineBytes });
  }

  /** How the sources of a jail fare. */
  healthOf(jail: string): readonly (Health & { readonly label: string })[] {
    const ids = new Set(
      this.#sources.flatMap(({ uses }) =>
        uses.filter(({ jails }) => jails.includes(jail)).map(({ id }) => id),
      ),
    );
    return [...this.#runners.values()].flatMap(({ reports }) =>
      [...reports]
        .filter(({ uses }) => uses.some((id) => ids.has(id)))
        .map(({ uses: _ours, ...shown }) => shown),
    );
  }

  /**
   * Stops all sources but these, which read on. Until a source has stopped it can hand over what
   * it has. Never rejects.
   */
  async letGo(kept: ReadonlySet<string>, deadlineMs: number): Promise<void> {
    const leaving = [...this.#runners].filter(([name]) => !kept.has(name));
    await Promise.all(leaving.map(([, runner]) => runner.stop(deadlineMs)));
    for (const [name, runner] of leaving) {
      if (this.#runners.get(name) === runner) this.#runners.delete(name);
    }
  }

  /** Goes on with these: those that run read on for their new jails, the others are started. */
  adopt(given: Pick<SourceHubGiven, 'sources' | 'maxLineBytes'>): void {
    if (this.#isStopped) return;
    this.#sources = given.sources;
    this.#maxLineBytes = given.maxLineBytes;
    this.#dispatches.clear();
    for (const spec of given.sources) {
      if (!this.#runners.has(spec.name)) this.#run(spec);
    }
  }

  /** Refuses new batches, waits for the one under way, stops the sources. */
  async stop(deadlineMs: number): Promise<void> {
    this.#isStopped = true;
    const runners = [...this.#runners.values()];
    for (const runner of runners) runner.close();
    await Promise.all(runners.map((runner) => runner.stop(deadlineMs)));
  }

  #run(spec: SourceSpec): void {
    const runner = new SourceRunner({
      ...this.#given,
      maxLineBytes: this.#maxLineBytes,
      spec,
      process: (batch) => this.#given.process(batch, this.#dispatchFor(batch.uses)),
    });
    this.#runners.set(spec.name, runner);
    runner.start();
  }

  #dispatchFor(uses: readonly string[]): Dispatch {
    const key = uses.join('\n');
    const known = this.#dispatches.get(key) ?? this.#given.dispatchFor(uses);
    this.#dispatches.set(key, known);
    return known;
  }
}
