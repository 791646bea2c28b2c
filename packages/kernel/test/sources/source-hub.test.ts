import type { Source, SourceBatch, SourceFeed } from '@remand/api';
import { FakeClock, memoryLogger, settle } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { Dispatch } from '../../src/detect/dispatch.ts';
import { SourceHub } from '../../src/sources/source-hub.ts';

const use = { id: 'feed#0', jails: ['ssh'], options: {}, lookBackMs: 1_000 };
const batch: SourceBatch = {
  stream: 's',
  uses: ['feed#0'],
  bytes: Buffer.from('x\n'),
  bookmark: '1',
  live: true,
};

describe(SourceHub.name, () => {
  it('has a batch processed and resolves afterwards', async () => {
    const { hub, feed, processed } = setUp();
    hub.start();

    await feed().push(batch);
    await feed().push({ ...batch, live: false });

    expect(processed).toEqual([batch, { ...batch, live: false }]);
  });

  it.each([
    ['a use of another source', { uses: ['feed#0', 'other#0'] }],
    ['a stream that is too long', { stream: 's'.repeat(4_097) }],
    ['a bookmark that is too long', { bookmark: 'b'.repeat(4_097) }],
  ])('refuses a batch with %s, all of it', async (_what, wrong) => {
    const { hub, feed, processed } = setUp();
    hub.start();

    const pushed = feed().push({ ...batch, ...wrong });

    await expect(pushed).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(processed).toEqual([]);
  });

  it('rejects a batch that cannot be processed, and takes the next', async () => {
    const { hub, feed, processed, failNext } = setUp();
    hub.start();
    failNext(new Error('broken'));

    await expect(feed().push(batch)).rejects.toThrow('broken');
    await feed().push(batch);

    expect(processed).toEqual([batch]);
  });

  it('lets immediates go on between the batches of a backlog', async () => {
    const { hub, feed } = setUp();
    hub.start();
    const order: string[] = [];
    setImmediate(() => order.push('immediate'));

    await feed().push({ ...batch, live: false });
    order.push('pushed');

    expect(order).toEqual(['immediate', 'pushed']);
  });

  it('reports a failed start and tries again after five seconds', async () => {
    let starts = 0;
    const { hub, clock, logger } = setUp(async () => {
      starts += 1;
      if (starts < 3) throw new Error('no \x07 socket');
    });

    hub.start();
    await settle();
    expect(hub.healthOf('ssh')).toMatchObject([
      { state: 'degraded', reason: 'source feed failed to start: no \\x07 socket', label: 'feed' },
    ]);
    expect(hub.healthOf('web')).toEqual([]);
    await clock.advanceAsync(4_999);
    expect(starts).toBe(1);
    await clock.advanceAsync(1);
    expect(starts).toBe(2);
    await clock.advanceAsync(5_000);

    expect(starts).toBe(3);
    expect(hub.healthOf('ssh')).toEqual([]);
    expect(logger.fieldsOf('source-degraded')).toHaveLength(1);
    await clock.advanceAsync(60_000);
    expect(starts).toBe(3);
  });

  it('reports a start that does not end within thirty seconds', async () => {
    const { hub, clock } = setUp(() => new Promise(() => undefined));
    hub.start();

    await clock.advanceAsync(29_999);
    expect(hub.healthOf('ssh')).toEqual([]);
    await clock.advanceAsync(1);

    expect(hub.healthOf('ssh')).toMatchObject([
      { state: 'degraded', reason: expect.stringContaining('did not start within 30 s') },
    ]);
  });

  it('starts nothing again after it was stopped', async () => {
    let starts = 0;
    const { hub, clock } = setUp(async () => {
      starts += 1;
      throw new Error('no');
    });
    hub.start();
    await settle();

    await hub.stop(1_000);
    await clock.advanceAsync(60_000);

    expect(starts).toBe(1);
  });

  it('rejects what is pushed after a stop, and stops the source', async () => {
    const { hub, feed, processed, stops } = setUp();
    hub.start();
    await settle();

    await hub.stop(1_234);

    await expect(feed().push(batch)).rejects.toThrow('remand is stopping');
    expect(processed).toEqual([]);
    expect(stops).toEqual([1_234]);
  });

  it('waits for the batch under way before a stop resolves', async () => {
    const { hub, feed } = setUp();
    hub.start();
    const order: string[] = [];

    const pushed = feed()
      .push({ ...batch, live: false })
      .then(() => order.push('pushed'));
    await hub.stop(1_000).then(() => order.push('stopped'));
    await pushed;

    expect(order).toEqual(['pushed', 'stopped']);
  });

  it('aborts the signal at a stop, and lives through a source that throws then', async () => {
    let signal: AbortSignal | undefined;
    const { hub, logger } = setUp(
      async (_feed, given) => {
        signal = given;
      },
      async () => {
        throw new Error('stuck');
      },
    );
    hub.start();

    await hub.stop(1_000);

    expect(signal?.aborted).toBe(true);
    expect(logger.fieldsOf('source-stop-failed')).toEqual([{ source: 'feed', reason: 'stuck' }]);
  });

  it('keeps the last health report of each key, and logs only changes', async () => {
    const { hub, feed, logger } = setUp();
    hub.start();
    const about = { uses: ['feed#0'], label: '/var/log/auth.log' };
    const degraded = { state: 'degraded', reason: 'no such file', hint: 'make it' } as const;

    feed().health('a', { ...about, ...degraded });
    feed().health('a', { ...about, ...degraded });
    feed().health('b', { ...about, state: 'ok' });
    // The uses are between the source and the hub: a report of the status has no such field.
    expect(hub.healthOf('ssh')).toEqual([
      { label: '/var/log/auth.log', ...degraded },
      { label: '/var/log/auth.log', state: 'ok' },
    ]);
    feed().health('a', { ...about, state: 'ok' });

    expect(hub.healthOf('ssh').map(({ state }) => state)).toEqual(['ok', 'ok']);
    expect(logger.fieldsOf('source-degraded')).toHaveLength(1);
    expect(logger.fieldsOf('source-recovered')).toHaveLength(1);
  });

  it('tells a source the committed bookmark and the longest line', () => {
    const { hub, feed } = setUp();
    hub.start();

    expect(feed().bookmark('s')).toBe('mark of s');
    expect(feed().maxLineBytes).toBe(100);
  });
});

function setUp(start: Source['start'] = async () => undefined, stop?: Source['stop']) {
  const clock = new FakeClock();
  const logger = memoryLogger();
  const processed: SourceBatch[] = [];
  const stops: number[] = [];
  let running: SourceFeed | undefined;
  let failure: Error | undefined;
  const source: Source = {
    start: (feed, signal) => {
      running = feed;
      return start(feed, signal);
    },
    stop:
      stop ??
      (async (deadlineMs) => {
        stops.push(deadlineMs);
      }),
  };
  const hub = new SourceHub({
    sources: [{ name: 'feed', source, uses: [use] }],
    clock,
    logger,
    maxLineBytes: 100,
    bookmark: (stream) => `mark of ${stream}`,
    dispatchFor: () => new Dispatch([]),
    process: (given) => {
      const thrown = failure;
      failure = undefined;
      if (thrown) throw thrown;
      processed.push(given);
    },
  });
  return {
    hub,
    clock,
    logger,
    processed,
    stops,
    feed: () => {
      if (!running) throw new Error('the source was not started');
      return running;
    },
    failNext: (error: Error) => {
      failure = error;
    },
  };
}
