import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Clock, type Logger, reasonOf } from '@remand/api';
import { inodeId } from './open-file.ts';

/** `fs.watch` of a folder, reduced to what is used of it, so that a test can make it fail. */
export type WatchFolder = (
  folder: string,
  onEvent: (kind: string, name: string | null) => void,
) => FSWatcher;

const retryMs = 60_000;

export interface FolderWatcherGiven {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly watch?: WatchFolder | undefined;
  /** `name` is null when anything in the folder may have changed. */
  readonly onEvent: (folder: string, name: string | null, kind: string) => void;
}

/**
 * Follows folders, not files: a watch on a file ends with the file. Where the system refuses a
 * watch (their number is limited), polling has to do.
 */
export class FolderWatcher {
  readonly #given: FolderWatcherGiven;
  readonly #watch: WatchFolder;
  readonly #watched = new Map<string, { readonly id: string; readonly watcher: FSWatcher }>();
  readonly #refused = new Map<string, number>();

  constructor(given: FolderWatcherGiven) {
    this.#given = given;
    this.#watch =
      given.watch ??
      ((folder, onEvent) =>
        watch(folder, { persistent: false }, (kind, name) => onEvent(kind, name)));
  }

  /** True when there is a folder that exists and is not watched. */
  get isIncomplete(): boolean {
    return this.#refused.size > 0;
  }

  /** Watches these folders and no others, also when one was replaced by another folder. */
  async refresh(folders: ReadonlySet<string>): Promise<void> {
    for (const folder of this.#watched.keys()) if (!folders.has(folder)) this.#drop(folder);
    for (const folder of folders) {
      const found = await stat(folder, { bigint: true }).catch(() => undefined);
      const id = found?.isDirectory() ? inodeId(found) : undefined;
      if (this.#watched.get(folder)?.id !== id) this.#drop(folder);
      if (id === undefined) this.#refused.delete(folder);
      else if (!this.#watched.has(folder)) this.#add(folder, id);
    }
  }

  close(): void {
    for (const folder of [...this.#watched.keys()]) this.#drop(folder);
  }

  #add(folder: string, id: string): void {
    const { clock, onEvent } = this.#given;
    const retryAt = this.#refused.get(folder);
    if (retryAt !== undefined && clock.monotonic() < retryAt) return;
    try {
      const watcher = this.#watch(folder, (kind, name) => onEvent(folder, name, kind));
      watcher.on('error', (error) => {
        this.#drop(folder);
        this.#refuse(folder, error);
      });
      this.#watched.set(folder, { id, watcher });
      this.#refused.delete(folder);
      // Whatever happened before the watch stood was not told.
      onEvent(folder, null, 'rename');
    } catch (error) {
      this.#refuse(folder, error);
    }
  }

  #refuse(folder: string, error: unknown): void {
    const { clock, logger } = this.#given;
    if (!this.#refused.has(folder)) {
      const hint = 'polling instead; raise fs.inotify.max_user_watches or max_user_instances';
      logger.warn('folder-not-watched', { folder, reason: reasonOf(error), hint });
    }
    this.#refused.set(folder, clock.monotonic() + retryMs);
  }

  #drop(folder: string): void {
    this.#watched.get(folder)?.watcher.close();
    this.#watched.delete(folder);
  }
}
