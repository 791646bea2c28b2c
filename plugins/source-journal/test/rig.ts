import { stat } from 'node:fs/promises';
import type { SourceBatch, SourceFeed, SourceHealth, SourceUse } from '@remand/api';
import {
  type CommandHandler,
  FakeClock,
  type FakeCommandStream,
  memoryLogger,
  RecordingCommandRunner,
} from '@remand/testkit';
import { JournalSource } from '../src/journal-source.ts';
import type { JournalOptions } from '../src/options.ts';
import { start } from './entries.ts';

export interface Pushed extends Omit<SourceBatch, 'bytes'> {
  readonly lines: readonly string[];
}

/** What outlives a restart: the journal, and the bookmarks that were committed. */
export class Rig {
  readonly clock = new FakeClock(start / 1000);
  readonly logger = memoryLogger();
  readonly bookmarks = new Map<string, string>();
  readonly pushed: Pushed[] = [];
  readonly health = new Map<string, SourceHealth>();
  readonly commands: RecordingCommandRunner;
  /** What a question for the newest entry is answered with. */
  newest = '';
  /** Cursors that are there. */
  readonly held = new Set<string>();
  failure: Error | undefined;
  /** Whether questions are answered only when they are given up. */
  hangs = false;
  beforeCommit: (batch: SourceBatch) => void = () => undefined;
  #source: JournalSource | undefined;
  #abort = new AbortController();

  constructor() {
    const answer: CommandHandler = async (argv, { signal }) => {
      if (this.hangs) await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      if (this.failure) return this.failure;
      const cursor = argv.find((arg) => arg.startsWith('--cursor='))?.slice('--cursor='.length);
      if (cursor === undefined) return { stdout: this.newest, stderr: '' };
      return this.held.has(cursor)
        ? JSON.stringify({ __CURSOR: cursor, __REALTIME_TIMESTAMP: '1' })
        : '';
    };
    this.commands = new RecordingCommandRunner(answer);
  }

  async start(...uses: readonly Partial<SourceUse<JournalOptions>>[]): Promise<void> {
    this.#abort = new AbortController();
    this.#source = new JournalSource({
      uses: uses.map((use, number) => ({
        id: `journal#${number}`,
        jails: [`jail-${number}`],
        lookBackMs: 600_000,
        options: {},
        ...use,
      })),
      clock: this.clock,
      logger: this.logger,
      commands: this.commands,
    });
    await this.#source.start(this.#feed(), this.#abort.signal);
    await quiet();
  }

  async stop(): Promise<void> {
    await this.#source?.stop();
    this.#abort.abort();
  }

  get child(): FakeCommandStream {
    const child = this.commands.streams.at(-1);
    if (!child) throw new Error('no journalctl was started');
    return child;
  }

  /** Prints lines, and waits until they are taken. */
  async print(...lines: readonly string[]): Promise<void> {
    this.child.feed(...lines);
    await quiet();
    await this.pass(20);
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advanceAsync(ms);
    await quiet();
  }

  get lines(): readonly string[] {
    return this.pushed.flatMap(({ lines }) => lines);
  }

  #feed(): SourceFeed {
    const { signal } = this.#abort;
    return {
      maxLineBytes: 16_384,
      bookmark: (stream) => this.bookmarks.get(stream),
      health: (key, report) => {
        this.health.set(key, report);
      },
      push: async (batch) => {
        if (signal.aborted) throw new Error('remand is stopping');
        this.beforeCommit(batch);
        const { bytes, ...rest } = batch;
        this.bookmarks.set(batch.stream, batch.bookmark);
        const lines = Buffer.from(bytes).toString('latin1').split('\n').slice(0, -1);
        this.pushed.push({ ...rest, lines });
      },
    };
  }
}

/** Long enough for what was started to be done, with the one file that is read; no clock is involved. */
export async function quiet(): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await stat('/');
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
