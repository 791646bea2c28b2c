import assert from 'node:assert/strict';
import type {
  OptionsSchema,
  Source,
  SourceBatch,
  SourceFeed,
  SourceHealth,
  SourcePlugin,
  SourceUse,
} from '@remand/api';
import { aSourceUse } from '../builders.ts';
import { injectedFor } from './injected-for.ts';
import type { SourceContractGiven, SourceRig } from './source-rig.ts';

/** A batch as it was committed. */
export interface TakenBatch extends Omit<SourceBatch, 'bytes'> {
  /** Latin-1, without their ends. */
  readonly lines: readonly string[];
}

const useId = 'contract#0';
const maxLineBytes = 16_384;
/** A source that polls gets so many seconds for what it should do soon. */
const patienceSeconds = 30;

/** Makes instances of a source on one rig, and takes their batches as the kernel does. */
export class SourceUnderTest {
  readonly rig: SourceRig;
  readonly taken: TakenBatch[] = [];
  readonly health = new Map<string, SourceHealth>();
  /** What was wrong with batches: a source may catch what `push` throws. */
  readonly breaches: string[] = [];
  /** Calls of the feed since the last stop resolved. */
  readonly late: string[] = [];
  /** Awaited before a batch is committed; a throw refuses it. */
  beforeCommit: () => Promise<void> = async () => undefined;
  readonly #given: SourceContractGiven;
  readonly #use: SourceUse<unknown>;
  readonly #committed = new Map<string, string>();
  readonly #pushing = new Set<string>();
  readonly #abort = new AbortController();
  #stopped = new WeakSet<Source>();
  #made: Source[] = [];

  private constructor(given: SourceContractGiven, rig: SourceRig, use: SourceUse<unknown>) {
    this.#given = given;
    this.rig = rig;
    this.#use = use;
  }

  static async on(given: SourceContractGiven, rig: SourceRig): Promise<SourceUnderTest> {
    const use = await aSourceUse(given.plugin, rig.options, { id: useId });
    return new SourceUnderTest(given, rig, use);
  }

  create(): Source {
    // The suite validates the options itself, so the schema's types do not matter here.
    const plugin = this.#given.plugin as SourcePlugin<OptionsSchema, readonly never[]>;
    const source = plugin.create({ uses: [this.#use] }, ...(injectedFor(plugin, this.rig) as []));
    this.#made.push(source);
    return source;
  }

  async started(): Promise<Source> {
    const source = this.create();
    await this.start(source);
    return source;
  }

  start(source: Source): Promise<void> {
    return source.start(this.#feed(source), this.#abort.signal);
  }

  /** Ends an instance as the kernel does. */
  async stop(source: Source): Promise<void> {
    await source.stop?.(5_000);
    this.#stopped.add(source);
    await source.dispose?.();
  }

  /** After the case: whatever is left. */
  async end(): Promise<void> {
    this.#abort.abort();
    for (const source of this.#made) await this.stop(source);
  }

  /** Every line that was committed, in order. */
  get lines(): readonly string[] {
    return this.taken.flatMap(({ lines }) => lines);
  }

  /** Which of these messages were committed, each as often as it was. */
  found(messages: readonly string[]): readonly string[] {
    return this.lines.flatMap((line) => messages.filter((message) => line.endsWith(message)));
  }

  /** Lets time pass until all these messages are committed. */
  async taking(messages: readonly string[]): Promise<void> {
    await this.until(() => messages.every((one) => this.found([one]).length > 0));
    assert.deepEqual(this.found(messages), messages);
  }

  async until(holds: () => boolean): Promise<void> {
    for (let second = 0; second < patienceSeconds && !holds(); second++) {
      await this.rig.passTime(1_000);
    }
  }

  #feed(source: Source): SourceFeed {
    const note = (what: string) => {
      if (this.#stopped.has(source)) this.late.push(what);
    };
    return {
      maxLineBytes,
      bookmark: (stream) => this.#committed.get(stream),
      health: (key, report) => {
        note(`health of ${key}`);
        this.health.set(key, report);
      },
      push: async (batch) => {
        note(`push of ${batch.stream}`);
        await this.#take(batch);
      },
    };
  }

  async #take({ bytes, ...batch }: SourceBatch): Promise<void> {
    const { stream } = batch;
    if (this.#pushing.has(stream)) {
      this.breaches.push(`${stream}: pushed before the last batch was committed`);
    }
    this.#pushing.add(stream);
    try {
      await this.beforeCommit();
      const text = Buffer.from(bytes).toString('latin1');
      this.breaches.push(...breachesOf(batch, text));
      this.#committed.set(stream, batch.bookmark);
      this.taken.push({ ...batch, lines: text.split('\n').slice(0, -1) });
    } finally {
      this.#pushing.delete(stream);
    }
  }
}

function breachesOf(
  { uses, stream, bookmark }: Omit<SourceBatch, 'bytes'>,
  text: string,
): readonly string[] {
  const longest = Math.max(0, ...text.split('\n').map(({ length }) => length));
  const rules: readonly (readonly [isKept: boolean, breach: string])[] = [
    [text === '' || text.endsWith('\n'), 'a batch ends within a line'],
    [uses.length === 1 && uses[0] === useId, 'a batch names another use than the one there is'],
    [stream.length <= 4_096, 'the name of a stream is longer than 4096 characters'],
    [bookmark.length <= 4_096, 'a bookmark is longer than 4096 characters'],
    [longest <= maxLineBytes, 'a line is longer than maxLineBytes'],
  ];
  return rules.flatMap(([isKept, breach]) => (isKept ? [] : [breach]));
}
