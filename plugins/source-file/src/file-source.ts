import { dirname, join } from 'node:path';
import {
  type CancelTimer,
  type Clock,
  type Logger,
  reasonOf,
  type Source,
  type SourceFeed,
  type SourceUse,
} from '@remand/api';
import { decodeBookmark } from './bookmark.ts';
import { BufferPool } from './buffer-pool.ts';
import { longestEntry } from './docker-lines.ts';
import { coversPath, expandPattern, fixedFolder } from './expand-paths.ts';
import { FileOwners, ownerKey } from './file-owners.ts';
import { FileReader } from './file-reader.ts';
import type { FileOptions } from './options.ts';
import { PathHealth } from './path-health.ts';
import { type StreamPlan, UsePaths } from './use-paths.ts';
import { FolderWatcher, type WatchFolder } from './watch-folders.ts';

const pollMs = 1_000;
const pollUnwatchedMs = 250;
/** Listing files takes a hundredth of the time, however large the tree is; but once a minute. */
const scanShare = 100;
const longestScanPauseMs = 60_000;

export interface FileSourceGiven {
  readonly uses: readonly SourceUse<FileOptions>[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly watch?: WatchFolder;
}

/** All files of all uses: finds them, and wakes their readers. */
export class FileSource implements Source {
  readonly #given: FileSourceGiven;
  readonly #paths: UsePaths;
  readonly #owners = new FileOwners();
  readonly #watcher: FolderWatcher;
  /** By path, one per way to read the file. */
  readonly #readers = new Map<string, readonly FileReader[]>();
  #feed: SourceFeed | undefined;
  #buffers: BufferPool | undefined;
  #health: PathHealth | undefined;
  #cancelPoll: CancelTimer | undefined;
  #polling: Promise<void> | undefined;
  #scanAt = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(given: FileSourceGiven) {
    this.#given = given;
    this.#paths = new UsePaths(given.uses);
    const { clock, logger, watch } = given;
    const onEvent = this.#onEvent.bind(this);
    this.#watcher = new FolderWatcher({ clock, logger, watch, onEvent });
  }

  async start(feed: SourceFeed, signal: AbortSignal): Promise<void> {
    this.#feed = feed;
    const isDocker = this.#given.uses.some(({ options }) => options.format === 'docker');
    const { maxLineBytes } = feed;
    this.#buffers = new BufferPool(isDocker ? longestEntry(maxLineBytes) : maxLineBytes);
    this.#health = new PathHealth(this.#paths.entries, feed);
    signal.addEventListener('abort', () => this.#end(), { once: true });
    if (signal.aborted) return this.#end();
    for (const path of this.#paths.plainPaths) this.#cover(path);
    // A start that took too long is called again while its first look goes on.
    await (this.#polling ?? this.#poll());
  }

  async stop(deadlineMs: number): Promise<void> {
    this.#end();
    const late = Promise.withResolvers<void>();
    const cancel = this.#given.clock.after(deadlineMs, late.resolve);
    const ended = Promise.all([this.#polling, ...this.#all.map((reader) => reader.stop())]);
    await Promise.race([ended, late.promise]);
    cancel();
  }

  async dispose(): Promise<void> {
    this.#end();
    await Promise.all(this.#all.map((reader) => reader.dispose()));
  }

  get #all(): readonly FileReader[] {
    return [...this.#readers.values()].flat();
  }

  #end(): void {
    this.#stopped = true;
    this.#cancelPoll?.();
    this.#watcher.close();
    for (const reader of this.#all) void reader.stop();
  }

  #poll(): Promise<void> {
    this.#polling = this.#pollOnce()
      .catch((error: unknown) => {
        this.#given.logger.error('file-poll-failed', { reason: reasonOf(error) });
      })
      .finally(() => {
        if (this.#stopped) return this.#watcher.close();
        const delay = this.#watcher.isIncomplete ? pollUnwatchedMs : pollMs;
        this.#cancelPoll = this.#given.clock.after(delay, () => void this.#poll());
      });
    return this.#polling;
  }

  async #pollOnce(): Promise<void> {
    const now = this.#given.clock.monotonic();
    if (now >= this.#scanAt) {
      const found = await Promise.all(
        this.#paths.patterns.map((pattern) => expandPattern(pattern)),
      );
      for (const path of found.flat()) this.#cover(path);
      const tookMs = this.#given.clock.monotonic() - now;
      const pauseMs = Math.min(tookMs * scanShare, longestScanPauseMs);
      this.#scanAt = now + Math.max(pollMs, pauseMs);
    }
    await this.#watcher.refresh(this.#folders());
    for (const [path, readers] of this.#readers) {
      if (readers.every(({ isGone }) => isGone) && !this.#paths.plainPaths.includes(path)) {
        this.#readers.delete(path);
        continue;
      }
      for (const reader of readers) reader.poll();
    }
    this.#report();
  }

  #folders(): ReadonlySet<string> {
    const folders = [...this.#readers.keys()].map((path) => dirname(path));
    return new Set([...folders, ...this.#paths.patterns.map(fixedFolder)]);
  }

  #onEvent(folder: string, name: string | null, kind: string): void {
    if (this.#stopped) return;
    if (name === null) {
      this.#scanAt = Number.NEGATIVE_INFINITY;
      for (const [path, readers] of this.#readers) {
        if (dirname(path) === folder) for (const reader of readers) reader.wake();
      }
      return;
    }
    const path = join(folder, name);
    if (kind === 'rename' && this.#isWanted(path)) this.#cover(path);
    for (const reader of this.#readers.get(path) ?? []) reader.wake();
  }

  #isWanted(path: string): boolean {
    return this.#paths.patterns.some((pattern) => coversPath(pattern, path));
  }

  /** Makes the readers of a file; they look when they are woken. */
  #cover(path: string): void {
    if (this.#stopped || this.#readers.has(path)) return;
    const readers = this.#paths.plansFor(path).flatMap((plan) => this.#reader(path, plan));
    this.#readers.set(path, readers);
  }

  #reader(path: string, plan: StreamPlan): FileReader[] {
    const { clock, logger } = this.#given;
    const [feed, buffers] = [this.#feed, this.#buffers];
    if (!feed || !buffers) return [];
    const text = feed.bookmark(plan.stream) ?? feed.bookmark(plan.fallbackStream);
    const saved = text === undefined ? undefined : decodeBookmark(text);
    if (text !== undefined && !saved) logger.warn('bookmark-unreadable', { stream: plan.stream });
    for (const position of saved ?? []) {
      const key = ownerKey(plan.group, `${position.dev}:${position.ino}`);
      this.#owners.rememberFurthest(key, position);
    }
    const looked = () => this.#report();
    const { maxLineBytes } = feed;
    const owners = this.#owners;
    const shared = { feed, buffers, clock, logger, owners, looked, maxLineBytes };
    return [new FileReader({ ...plan, ...shared, path, saved })];
  }

  #report(): void {
    if (!this.#stopped) this.#health?.report(this.#all);
  }
}
