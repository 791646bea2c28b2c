import {
  type CancelTimer,
  type Clock,
  definePlugin,
  pluginTokens,
  type Source,
  type SourceFeed,
} from '@remand/api';
import { describe, expect, it } from 'vitest';
import { anyOptions, FakeClock, type SourceRig, sourceContract } from '../src/index.ts';

const longest = 16_384;

/** A log in memory that keeps messages, line feeds included, and can be away. */
interface MemoryLog {
  readonly messages: string[];
  isAway: boolean;
}

/** A source that polls a log in memory, and the ways in which it can be wrong. */
class PollingSource implements Source {
  protected feed: SourceFeed | undefined;
  protected cancel: CancelTimer | undefined;
  protected work: Promise<void> | undefined;
  protected hasEnded = false;
  protected sawEnd = false;

  protected readonly use: string;
  protected readonly log: MemoryLog;
  protected readonly clock: Clock;

  constructor(use: string, log: MemoryLog, clock: Clock) {
    this.use = use;
    this.log = log;
    this.clock = clock;
  }

  async start(feed: SourceFeed): Promise<void> {
    if (this.feed) return;
    this.feed = feed;
    this.poll();
  }

  async stop(): Promise<void> {
    this.hasEnded = true;
    this.cancel?.();
    await this.work?.catch(() => undefined);
    this.cancel?.();
  }

  protected poll(): void {
    this.work = this.read().catch(() => undefined);
    void this.work.then(() => {
      if (!this.hasEnded) this.cancel = this.clock.after(500, () => this.poll());
    });
  }

  protected async read(): Promise<void> {
    const { feed, log, use } = this;
    if (!feed) return;
    const about = { uses: [use], label: 'the log' };
    if (log.isAway) {
      feed.health('log', { state: 'degraded', reason: 'it is away', hint: 'wait', ...about });
      return;
    }
    feed.health('log', { state: 'ok', ...about });
    const from = Number(feed.bookmark('log') ?? 0);
    const { length } = log.messages;
    const whole = log.messages.slice(from).map((one) => this.oneLine(one));
    const fitting = whole.filter((one) => one.length <= longest);
    if (length > from) {
      await feed.push({
        stream: 'log',
        uses: [use],
        bytes: Buffer.from(fitting.map((one) => `${one}\n`).join(''), 'latin1'),
        bookmark: this.bookmark(length),
        live: this.sawEnd,
        oversized: whole.length - fitting.length,
      });
    }
    this.sawEnd = true;
  }

  protected oneLine(message: string): string {
    return message.replaceAll('\n', ' ');
  }

  protected bookmark(length: number): string {
    return String(length);
  }
}

function contractOf(Kind: typeof PollingSource) {
  let log: MemoryLog = { messages: [], isAway: false };
  const plugin = definePlugin({
    kind: 'source',
    name: 'polling',
    apiVersion: 1,
    summary: 'Polls a log in memory.',
    options: anyOptions,
    inject: [pluginTokens.clock],
    create: ({ uses }, clock) => new Kind(uses[0]?.id ?? '', log, clock),
  });
  const setUp = async (): Promise<SourceRig> => {
    log = { messages: [], isAway: false };
    const clock = new FakeClock();
    return {
      clock,
      options: {},
      write: async (messages) => void log.messages.push(...messages),
      passTime: (ms) => clock.advanceAsync(ms),
      cutOff: async (isCut) => {
        log.isAway = isCut;
      },
      tearDown: async () => undefined,
    };
  };
  return sourceContract({ plugin, setUp, endedBy: 'message' });
}

describe('a source in memory keeps the contract', () => {
  for (const { title, run } of contractOf(PollingSource)) it(title, run);
});

/** Ways to break the contract, and the words by which the case that must notice is known. */
const broken: readonly (readonly [string, RegExp, typeof PollingSource])[] = [
  [
    'forgets its bookmark',
    /behind the committed bookmark/,
    class extends PollingSource {
      protected override bookmark() {
        return '0';
      }
    },
  ],
  [
    'loses the last message',
    /hands over what is written/,
    class extends PollingSource {
      protected override oneLine(message: string) {
        return message.includes('number 19') ? '' : message;
      }
    },
  ],
  [
    'never calls a line live',
    /are live once/,
    class extends PollingSource {
      protected override async read() {
        this.sawEnd = false;
        await super.read();
      }
    },
  ],
  [
    'trims',
    /changes no character/,
    class extends PollingSource {
      protected override oneLine(message: string) {
        return message.replaceAll(/\s+/g, ' ');
      }
    },
  ],
  [
    'lets a message be two lines',
    /holds a line feed/,
    class extends PollingSource {
      protected override oneLine(message: string) {
        return message;
      }
    },
  ],
  [
    'does not wait for a commit',
    /waits with the next batch/,
    class extends PollingSource {
      protected override poll() {
        void this.read().catch(() => undefined);
        if (!this.hasEnded) this.cancel = this.clock.after(500, () => this.poll());
      }
    },
  ],
  [
    'passes everything on',
    /too long/,
    class extends PollingSource {
      protected override oneLine(message: string) {
        return message.slice(-longest);
      }
    },
  ],
  [
    'begins twice',
    /begins its work once/,
    class extends PollingSource {
      override async start(feed: SourceFeed) {
        let from = 0;
        const read = async () => {
          const fresh = this.log.messages.slice(from);
          from += fresh.length;
          const bytes = Buffer.from(fresh.map((one) => `${one}\n`).join(''));
          const about = { stream: 'log', uses: [this.use], live: true };
          if (fresh.length > 0) await feed.push({ ...about, bytes, bookmark: String(from) });
          if (!this.hasEnded) this.clock.after(500, read);
        };
        await read();
      }
    },
  ],
  [
    'goes on after its stop',
    /silent after its stop/,
    class extends PollingSource {
      override async stop() {}
    },
  ],
  [
    'leaves its timer',
    /leaves no timer/,
    class extends PollingSource {
      override async stop() {
        this.feed = undefined;
      }
    },
  ],
  [
    'cannot be stopped before a start',
    /before a start, and twice/,
    class extends PollingSource {
      override async stop() {
        if (!this.feed) throw new Error('not started');
      }
    },
  ],
  [
    'says nothing of trouble',
    /says what is wrong/,
    class extends PollingSource {
      protected override async read() {
        if (!this.log.isAway) await super.read();
      }
    },
  ],
];

describe(sourceContract.name, () => {
  it.each(broken)('notices a source that %s', async (_what, title, Kind) => {
    const found = contractOf(Kind).find((one) => title.test(one.title));

    expect(found).toBeDefined();
    await expect(found?.run()).rejects.toThrow();
  });
});
