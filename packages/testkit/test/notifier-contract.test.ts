import { CommandError, definePlugin, type Notice, type Notifier, printable } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { anyOptions, FakeClock, notifierContract, type Trouble } from '../src/index.ts';

/** A notifier into an array, as it should be. */
class MemoryNotifier implements Notifier {
  readonly #arrived: string[];
  readonly #trouble: () => Trouble | undefined;
  readonly #ended = new AbortController();

  constructor(arrived: string[], trouble: () => Trouble | undefined) {
    this.#arrived = arrived;
    this.#trouble = trouble;
  }

  async deliver(notices: readonly Notice[], signal: AbortSignal): Promise<void> {
    const trouble = this.#trouble();
    const hint = 'wait';
    if (trouble === 'refuses for a time') throw new CommandError('NOTICE_FAILED', 'no', { hint });
    if (trouble === 'refuses for good') throw new CommandError('NOTICE_REFUSED', 'no', { hint });
    if (trouble === 'hangs') await ending(AbortSignal.any([signal, this.#ended.signal]));
    this.#arrived.push(notices.map(({ summary }) => printable(summary, 500)).join('\n'));
  }

  async dispose(): Promise<void> {
    this.#ended.abort(new Error('disposed'));
  }
}

function ending(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

type Change = (notifier: Notifier, arrived: string[]) => Partial<Notifier>;

function contractOf(change: Change = () => ({})) {
  let trouble: Trouble | undefined;
  let arrived: string[] = [];
  const plugin = definePlugin({
    kind: 'notifier',
    name: 'memory',
    apiVersion: 1,
    summary: 'Keeps what it is given.',
    options: anyOptions,
    inject: [],
    create: (): Notifier => {
      const real = new MemoryNotifier(arrived, () => trouble);
      return {
        deliver: (notices, signal) => real.deliver(notices, signal),
        dispose: () => real.dispose(),
        ...change(real, arrived),
      };
    },
  });
  const setUp = async () => {
    arrived = [];
    return {
      clock: new FakeClock(),
      arrived: async () => arrived,
      trouble: (what: Trouble | undefined) => {
        trouble = what;
      },
      tearDown: async () => undefined,
    };
  };
  return notifierContract({ plugin, setUp });
}

describe('a notifier in memory keeps the contract', () => {
  for (const { title, run } of contractOf()) it(title, run);
});

const broken: readonly (readonly [string, RegExp, Change])[] = [
  ['delivers nothing', /each kind/, () => ({ deliver: async () => undefined })],
  [
    'delivers the first of many',
    /a hundred/,
    (real) => ({ deliver: (notices, signal) => real.deliver(notices.slice(0, 1), signal) }),
  ],
  [
    'writes what it is given',
    /hostile/,
    (_, arrived) => ({
      deliver: async (notices) => {
        arrived.push(...notices.map(({ summary }) => summary));
      },
    }),
  ],
  [
    'calls every failure final',
    /for a time/,
    (real) => ({
      deliver: (notices, signal) =>
        real.deliver(notices, signal).catch(() => {
          throw new CommandError('NOTICE_REFUSED', 'no', { hint: 'none' });
        }),
    }),
  ],
  [
    'never says that it is final',
    /useless/,
    (real) => ({
      deliver: (notices, signal) =>
        real.deliver(notices, signal).catch(() => {
          throw new CommandError('NOTICE_FAILED', 'no', { hint: 'none' });
        }),
    }),
  ],
  [
    'takes failures for success',
    /for a time/,
    (real) => ({
      deliver: (notices, signal) => real.deliver(notices, signal).catch(() => undefined),
    }),
  ],
  [
    'cannot be disposed of twice',
    /before a start/,
    () => {
      let isOver = false;
      return {
        dispose: async () => {
          if (isOver) throw new Error('disposed of before');
          isOver = true;
        },
      };
    },
  ],
];

describe(notifierContract.name, () => {
  it.each(broken)('notices a notifier that %s', async (_what, title, change) => {
    const found = contractOf(change).find((one) => title.test(one.title));

    await expect(found?.run()).rejects.toThrow();
  });
});
