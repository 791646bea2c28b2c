import {
  CommandError,
  type Notice,
  type Notifier,
  type NotifyConfig,
  notifyDefaults,
} from '@remand/api';
import { FakeClock, memoryLogger, settle } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { NotificationQueue } from '../../src/notify/notification-queue.ts';
import { notice } from '../ledger/builders.ts';

const minute = 60_000;

describe(NotificationQueue.name, () => {
  it('delivers in the background what was committed, oldest first, and records it', async () => {
    const { ledger, clock, queue, tell, sent } = setUp();
    const notices = Array.from({ length: 250 }, (_, at) => notice({ at, address: '192.0.2.1' }));

    tell(notices);
    await settle();
    expect(sent).toEqual([]);
    await clock.advanceAsync(1_000);

    expect(sent.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(sent.flat()).toEqual(notices);
    expect(queue.status()).toEqual([
      { name: 'email', state: 'ok', queued: 0, delivered: 250, dropped: 0 },
    ]);
    expect(ledger.entriesOf('192.0.2.1', 999)).toHaveLength(250);
    expect(ledger.entriesOf('192.0.2.1', 1)).toEqual([
      expect.objectContaining({
        kind: 'notice-sent',
        holder: 'email',
        host: ledger.hostId,
        details: { notice: notices.at(-1)?.id, told: 'ban' },
      }),
    ]);
  });

  it('has one delivery under way, and looks again for what came meanwhile', async () => {
    const gate = Promise.withResolvers<void>();
    let now = 0;
    let most = 0;
    const { clock, tell, sent } = setUp({
      deliver: async () => {
        now += 1;
        most = Math.max(most, now);
        await gate.promise;
        now -= 1;
      },
    });

    tell([notice()]);
    await clock.advanceAsync(1_000);
    tell([notice(), notice()]);
    await clock.advanceAsync(1_000);
    gate.resolve();
    await clock.advanceAsync(1_000);

    expect(most).toBe(1);
    expect(sent.map(({ length }) => length)).toEqual([1, 2]);
  });

  it('does not miss what is committed while a run is ending', async () => {
    const { clock, ledger, tell, sent } = setUp();
    const { dueNotices } = ledger;
    ledger.dueNotices = (...args) => {
      const due = dueNotices.apply(ledger, args);
      if (due.length === 0 && sent.length === 1) Promise.resolve().then(() => tell([notice()]));
      return due;
    };

    tell([notice()]);
    await clock.advanceAsync(1_000);

    expect(sent).toHaveLength(2);
  });

  it('is not put off by a stream of wakes', async () => {
    const { clock, queue, tell, sent } = setUp();

    tell([notice()]);
    for (let step = 0; step < 30; step += 1) {
      await clock.advanceAsync(1);
      queue.wake();
    }

    expect(sent).toHaveLength(1);
  });

  it('tries again with back-off, degraded until it succeeds', async () => {
    let works = false;
    const calls: number[] = [];
    const { clock, queue, tell, sent, logger } = setUp({
      deliver: async () => {
        calls.push(clock.monotonic());
        if (!works) throw new Error('421 try\nlater');
      },
    });

    tell([notice()]);
    await clock.advanceAsync(10 * minute);

    const gaps = calls.slice(1).map((call, index) => call - (calls[index] ?? 0));
    expect(gaps[0]).toBeLessThan(1_100);
    expect(gaps.at(-1)).toBeGreaterThan(minute);
    expect(queue.status()).toMatchObject([
      { state: 'degraded', reason: '421 try\\nlater', queued: 1, delivered: 0 },
    ]);

    works = true;
    await clock.advanceAsync(10 * minute);

    expect(sent.flat()).toHaveLength(1);
    expect(queue.status()).toMatchObject([{ state: 'ok', queued: 0, delivered: 1 }]);
    expect(logger.lines.map(({ event }) => event)).toEqual([
      'notifier-degraded',
      'notifier-recovered',
    ]);
  });

  it('does not shorten a back-off when there is more to tell', async () => {
    let calls = 0;
    const { clock, tell } = setUp({
      deliver: async () => {
        calls += 1;
        throw new Error('no');
      },
    });
    tell([notice()]);
    await clock.advanceAsync(4 * minute);
    const before = calls;

    for (let step = 0; step < 50; step += 1) {
      tell([notice()]);
      await clock.advanceAsync(100);
    }

    expect(calls - before).toBeLessThanOrEqual(1);
  });

  it('lets the others through when one notice always fails', async () => {
    const poison = notice({ summary: 'poison' });
    const { clock, queue, tell, sent } = setUp({
      deliver: async (notices) => {
        if (notices.some(({ summary }) => summary === 'poison')) throw new Error('no');
      },
    });

    tell([poison, ...Array.from({ length: 99 }, () => notice())]);
    await clock.advanceAsync(30 * minute);

    expect(sent.flat()).toHaveLength(99);
    expect(queue.status()).toMatchObject([{ queued: 1, delivered: 99 }]);
  });

  it('gives a notice up at last, and records why', async () => {
    const { clock, ledger, queue, tell } = setUp({
      deliver: async () => {
        throw new Error('no');
      },
    });
    const late = notice({ address: '192.0.2.1' });
    tell([late]);
    for (let time = 0; time < 2_000; time += 1) ledger.noticesDelayed('email', [late.id], 0);

    await clock.advanceAsync(10 * minute);

    expect(queue.status()).toMatchObject([{ queued: 0, delivered: 0, dropped: 1 }]);
    expect(ledger.entriesOf('192.0.2.1', 9)).toEqual([
      expect.objectContaining({
        kind: 'notice-suppressed',
        details: { notice: late.id, told: 'ban', reason: 'given up after 2000 attempts' },
      }),
    ]);
  });

  it('cannot be blocked by a notifier that ignores its signal', async () => {
    let calls = 0;
    let aborted = 0;
    const { clock, queue, tell } = setUp({
      deliver: (_notices, signal) => {
        calls += 1;
        signal.addEventListener('abort', () => {
          aborted += 1;
        });
        return new Promise(() => undefined);
      },
    });

    tell([notice()]);
    await clock.advanceAsync(30_500);
    expect([calls, aborted]).toEqual([1, 1]);
    expect(queue.status()).toMatchObject([{ state: 'degraded', reason: /30000 ms/ }]);
    await clock.advanceAsync(120 * minute);

    // Calls that never end are not piled up.
    expect(calls).toBe(5);
  });

  it('does not let one notifier wait for another', async () => {
    const { clock, tell, sent, others } = setUp(
      { deliver: async () => undefined },
      { deliver: () => new Promise(() => undefined) },
    );

    tell([notice()]);
    await clock.advanceAsync(1_000);

    expect(sent).toHaveLength(1);
    expect(others.status()).toMatchObject([{ delivered: 1 }, { queued: 1 }]);
  });

  it('survives a notifier that throws at once or something that is no error', async () => {
    const { clock, queue, tell } = setUp({
      deliver: () => {
        throw 'a string';
      },
    });

    tell([notice()]);
    await clock.advanceAsync(1_000);

    expect(queue.status()).toMatchObject([{ state: 'degraded', reason: 'a string' }]);
  });

  it('starts a notifier once, before the first delivery, and again after a failure', async () => {
    const log: string[] = [];
    const { clock, tell } = setUp({
      start: async () => {
        log.push('start');
        if (log.length === 1) throw new Error('no route');
      },
      deliver: async () => {
        log.push('deliver');
      },
    });

    tell([notice()]);
    await clock.advanceAsync(5_000);
    tell([notice()]);
    await clock.advanceAsync(5_000);

    expect(log).toEqual(['start', 'start', 'deliver', 'deliver']);
  });

  it('drops the newest when the outbox is full, counts them and says so once a minute', async () => {
    const { clock, queue, tell, logger } = setUp({
      deliver: async () => {
        throw new Error('no');
      },
    });

    tell(Array.from({ length: 320 }, () => notice()));
    expect(queue.status()).toMatchObject([{ queued: 300, dropped: 20 }]);
    expect(logger.fieldsOf('notices-dropped')).toHaveLength(1);
    await clock.advanceAsync(minute);
    tell([notice(), notice()]);

    expect(queue.status()).toMatchObject([{ queued: 300, dropped: 22 }]);
    expect(logger.fieldsOf('notices-dropped')).toHaveLength(2);
  });

  it('delivers after a restart what an earlier run left', async () => {
    const first = setUp({ deliver: () => Promise.reject(new Error('no')) });
    first.tell([notice({ summary: 'kept' })]);
    await first.clock.advanceAsync(10_000);

    const sent: Notice[] = [];
    const queue = new NotificationQueue({
      ...first,
      policy: () => ({ ...notifyDefaults, gatherMs: 20 }),
      notifiers: [
        { ...first.spec, notifier: { deliver: async (notices) => void sent.push(...notices) } },
      ],
    });
    queue.start();
    expect(queue.status()).toMatchObject([{ queued: 1 }]);
    await first.clock.advanceAsync(6 * minute);

    expect(sent.map(({ summary }) => summary)).toEqual(['kept']);
  });

  it('goes on when the ledger cannot be written, and sends nothing twice meanwhile', async () => {
    const { clock, ledger, queue, tell, sent } = setUp();
    const { noticesDone } = ledger;
    ledger.noticesDone = () => {
      throw new CommandError('STATE_UNWRITABLE', 'disk full', { hint: 'make room' });
    };

    tell([notice()]);
    await clock.advanceAsync(10 * minute);
    expect(sent).toHaveLength(1);
    expect(queue.status()).toMatchObject([
      { state: 'degraded', reason: 'disk full', hint: 'make room', delivered: 1 },
    ]);

    ledger.noticesDone = noticesDone;
    await clock.advanceAsync(10 * minute);
    expect(sent).toHaveLength(1);
    expect(queue.status()).toMatchObject([{ state: 'ok', queued: 0, delivered: 1 }]);
  });
});

describe('stopping', () => {
  it('gives one last chance, back-off or not', async () => {
    let works = false;
    const { clock, ledger, queue, tell, sent } = setUp({
      deliver: async () => {
        if (!works) throw new Error('no');
      },
    });
    tell([notice(), notice(), notice()]);
    await clock.advanceAsync(10_000);
    expect(ledger.dueNotices('email', clock.now(), 9).length).toBeLessThan(3);
    works = true;

    await queue.stop(5_000);

    expect(sent.flat()).toHaveLength(3);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends at the deadline, aborts what is under way and leaves the ledger alone', async () => {
    const gate = Promise.withResolvers<void>();
    let aborted = false;
    const { clock, queue, tell, ledger } = setUp({
      deliver: (_notices, signal) => {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
        return gate.promise;
      },
    });
    tell([notice()]);
    await clock.advanceAsync(1_000);

    const stopped = queue.stop(2_000);
    await clock.advanceAsync(2_000);
    await stopped;
    expect(aborted).toBe(true);
    gate.resolve();
    await clock.advanceAsync(10 * minute);

    expect(ledger.queuedNotices('email')).toBe(1);
    ledger.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('is safe twice, and nothing is delivered after it', async () => {
    const { clock, queue, tell, sent } = setUp();

    await queue.stop(1_000);
    await queue.stop(1_000);
    tell([notice()]);
    await clock.advanceAsync(minute);

    expect(sent).toEqual([]);
  });
});

function setUp(
  notifier: Notifier = { deliver: async () => undefined },
  second?: Notifier,
  policy: Partial<NotifyConfig> = { gatherMs: 20, burst: 1_000, most: 1_000_000, digest: null },
): {
  clock: FakeClock;
  logger: ReturnType<typeof memoryLogger>;
  ledger: { -readonly [Key in keyof Ledger]: Ledger[Key] };
  queue: NotificationQueue;
  others: NotificationQueue;
  spec: { name: string; notifier: Notifier; logger: ReturnType<typeof memoryLogger> };
  sent: (readonly Notice[])[];
  tell: (notices: readonly Notice[]) => void;
} {
  const clock = new FakeClock();
  const logger = memoryLogger();
  const ledger = openLedger({ folder: null, clock, logger });
  const sent: (readonly Notice[])[] = [];
  const recorder: Notifier = {
    ...notifier,
    deliver: async (notices, signal) => {
      await notifier.deliver(notices, signal);
      sent.push(notices);
    },
  };
  const spec = { name: 'email', notifier: recorder, logger };
  const specs = second ? [spec, { name: 'second', notifier: second, logger }] : [spec];
  const queue = new NotificationQueue({
    ...{ ledger, notifiers: specs, clock, logger, maxQueued: 300 },
    policy: () => ({ ...notifyDefaults, ...policy }),
  });
  const tell = (notices: readonly Notice[]) => {
    ledger.commit(queue.address(notices));
    queue.wake();
  };
  return { clock, logger, ledger, queue, others: queue, spec, sent, tell };
}
