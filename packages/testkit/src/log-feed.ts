import {
  definePlugin,
  type Health,
  type OptionsSchema,
  type SourceFeed,
  type SourcePlugin,
  type SourceUse,
} from '@remand/api';
import { anyOptions } from './any-options.ts';

export interface FeedOptions {
  /** Default true. */
  readonly live?: boolean;
  /** Which of several logs. Default `feed`. */
  readonly stream?: string;
  /** Default: how many lines of this stream were appended until then. */
  readonly bookmark?: string;
  /** Ids of uses. Default: all. */
  readonly uses?: readonly string[];
  readonly oversized?: number;
  readonly behind?: number;
  readonly timeZone?: string;
  readonly header?: 'auto' | 'none';
}

/**
 * Logs that a test writes, and the source that reads them. It outlives a kernel, as a log file
 * does: the next kernel's source goes on behind the bookmark that was committed, as backlog.
 */
export class LogFeed {
  readonly plugin: SourcePlugin<OptionsSchema, readonly []>;
  /** What the kernel wanted of the source. */
  uses: readonly SourceUse<unknown>[] = [];
  started = 0;
  stopped = 0;
  readonly #logs = new Map<string, string[]>();
  #feed: SourceFeed | undefined;
  #work: Promise<void> = Promise.resolve();
  #startFailure: Error | undefined;

  constructor(given: { readonly name?: string } = {}) {
    this.plugin = definePlugin({
      kind: 'source',
      name: given.name ?? 'feed',
      apiVersion: 1,
      summary: 'Reads what a test writes.',
      options: anyOptions,
      inject: [],
      create: ({ uses }) => ({
        start: async (feed) => {
          this.uses = uses;
          this.#start(feed);
        },
        stop: async () => {
          this.stopped += 1;
          this.#feed = undefined;
        },
      }),
    });
  }

  /** Appends lines and hands them over as one batch. Resolves when they are committed. */
  push(lines: string | readonly string[], options: FeedOptions = {}): Promise<void> {
    const { stream = 'feed' } = options;
    const added = typeof lines === 'string' ? [lines] : lines;
    const log = this.append(added, stream);
    const bookmark = options.bookmark ?? String(log.length);
    const pushed = this.#work.then(() => this.#hand(added, { live: true, ...options, bookmark }));
    // A push that the kernel refused while it stopped is that caller's to see, not the next one's.
    this.#work = pushed.catch(() => undefined);
    return pushed;
  }

  /** Appends lines that are not handed over before the next start. */
  append(lines: readonly string[], stream = 'feed'): readonly string[] {
    const log = this.#logs.get(stream) ?? [];
    this.#logs.set(stream, log);
    log.push(...lines);
    return log;
  }

  /** The committed bookmark of a stream as the running kernel knows it. */
  bookmark(stream = 'feed'): string | undefined {
    return this.#running().bookmark(stream);
  }

  /** Reports health, by default for every use. */
  health(report: Health & { readonly label: string; readonly uses?: readonly string[] }): void {
    const uses = this.uses.map((use) => use.id);
    this.#running().health(report.label, { uses, ...report });
  }

  /** Makes the next start of the source throw. */
  failNextStart(error: Error = new Error('made to fail by the test')): void {
    this.#startFailure = error;
  }

  /** Resolves when everything pushed until now, backlog included, is committed or refused. */
  async settled(): Promise<void> {
    await this.#work;
  }

  #start(feed: SourceFeed): void {
    this.started += 1;
    const failure = this.#startFailure;
    this.#startFailure = undefined;
    if (failure !== undefined) throw failure;
    this.#feed = feed;
    // What an earlier kernel never answered must not hold up this one.
    this.#work = Promise.resolve();
    for (const [stream, log] of this.#logs) {
      const backlog = log.slice(Number(feed.bookmark(stream) ?? 0));
      const bookmark = String(log.length);
      if (backlog.length === 0) continue;
      this.#work = this.#work
        .then(() => this.#hand(backlog, { live: false, stream, bookmark }))
        .catch(() => undefined);
    }
  }

  async #hand(
    lines: readonly string[],
    options: FeedOptions & { readonly live: boolean; readonly bookmark: string },
  ): Promise<void> {
    const { stream = 'feed', uses = this.uses.map((use) => use.id), ...rest } = options;
    const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
    await this.#running().push({ stream, uses, bytes, ...rest });
  }

  #running(): SourceFeed {
    if (this.#feed === undefined) throw new Error('the source is not running');
    return this.#feed;
  }
}
