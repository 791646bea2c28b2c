import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, SourceBatch, SourceFeed, SourceHealth, SourceUse } from '@remand/api';
import { FakeClock, memoryLogger } from '@remand/testkit';
import { FileSource } from '../src/file-source.ts';
import type { FileOptions } from '../src/options.ts';
import type { WatchFolder } from '../src/watch-folders.ts';

export interface Pushed extends Omit<SourceBatch, 'bytes'> {
  readonly lines: readonly string[];
}

/** What outlives a restart: the log folder, and the bookmarks that were committed. */
export class Rig {
  readonly folder = mkdtempSync(join(tmpdir(), 'remand-file-'));
  readonly clock = new FakeClock(Date.now());
  readonly logger = memoryLogger();
  readonly bookmarks = new Map<string, string>();
  readonly pushed: Pushed[] = [];
  readonly health = new Map<string, SourceHealth>();
  maxLineBytes = 16_384;
  /** Awaited before a batch is committed; a throw refuses it. */
  beforeCommit: (batch: SourceBatch) => Promise<void> | void = () => undefined;
  #sources: FileSource[] = [];
  #abort = new AbortController();

  path(name: string): string {
    return join(this.folder, name);
  }

  use(paths: readonly string[], more: Partial<FileOptions> & Partial<SourceUse<never>> = {}) {
    const { timeZone, header = 'auto', format = 'plain', program, ...use } = more;
    return {
      id: paths.join(),
      jails: ['sshd'],
      lookBackMs: 600_000,
      ...use,
      options: {
        paths: [...paths],
        header,
        format,
        ...(program !== undefined && { program }),
        ...(timeZone !== undefined && { timeZone }),
      },
    } satisfies SourceUse<FileOptions>;
  }

  async start(
    uses: readonly SourceUse<FileOptions>[],
    given: { readonly clock?: Clock; readonly watch?: WatchFolder | 'real' } = {},
  ): Promise<FileSource> {
    const { clock = this.clock, watch = silentWatch } = given;
    this.#abort = new AbortController();
    const source = new FileSource({
      uses,
      clock,
      logger: this.logger,
      ...(watch !== 'real' && { watch }),
    });
    this.#sources.push(source);
    await source.start(this.#feed(), this.#abort.signal);
    return source;
  }

  /** Calls `start` once more, as the kernel does after one that took too long. */
  async startAgain(): Promise<void> {
    for (const source of this.#sources) await source.start(this.#feed(), this.#abort.signal);
  }

  /** Stops as the kernel does. */
  async stop(): Promise<void> {
    this.#abort.abort();
    for (const source of this.#sources) {
      await source.stop(1_000);
      await source.dispose();
    }
    this.#sources = [];
  }

  async cleanUp(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** Lets the seconds pass that the source polls by. */
  async tick(seconds = 1): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await this.clock.advanceAsync(1_000);
      await quiet();
    }
  }

  get lines(): readonly string[] {
    return this.pushed.flatMap(({ lines }) => lines);
  }

  linesOf(stream: string): readonly string[] {
    return this.pushed.filter((one) => one.stream === stream).flatMap(({ lines }) => lines);
  }

  /** Descriptors of this process that are open on files of the folder. */
  get openFiles(): number {
    return readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).startsWith(this.folder);
      } catch {
        return false;
      }
    }).length;
  }

  #feed(): SourceFeed {
    const { signal } = this.#abort;
    return {
      maxLineBytes: this.maxLineBytes,
      bookmark: (stream) => this.bookmarks.get(stream),
      health: (key, report) => {
        this.health.set(key, report);
      },
      push: async (batch) => {
        await this.beforeCommit(batch);
        if (signal.aborted) throw new Error('remand is stopping');
        const { bytes, ...rest } = batch;
        const text = Buffer.from(bytes).toString('latin1');
        if (text !== '' && !text.endsWith('\n')) throw new Error('a batch ends within a line');
        this.bookmarks.set(batch.stream, batch.bookmark);
        this.pushed.push({ ...rest, lines: text.split('\n').slice(0, -1) });
      },
    };
  }
}

/** Long enough for a source that was woken to do what it does; no clock is involved. */
export async function quiet(): Promise<void> {
  for (let round = 0; round < 150; round++) {
    await stat('/');
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

export async function until(holds: () => boolean, what: () => string = () => ''): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`it never came to pass ${what()}`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** A folder watch that never tells anything: only polling finds what happens. */
export const silentWatch: WatchFolder = () =>
  ({ on: () => undefined, close: () => undefined }) as unknown as ReturnType<WatchFolder>;

export function numbered(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `line ${from + index}`);
}

export function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
