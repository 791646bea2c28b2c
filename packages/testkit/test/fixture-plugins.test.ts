import type { Notice, SourceBatch, SourceFeed } from '@remand/api';
import { describe, expect, it } from 'vitest';
import {
  anyOptions,
  FakeClock,
  LogFeed,
  memoryAction,
  memoryLogger,
  recordingNotifier,
  scriptedFilter,
} from '../src/index.ts';

describe(memoryAction.name, () => {
  it('keeps a list per key over instances', async () => {
    const action = memoryAction({ clock: new FakeClock() });
    const given = { list: 'memory/sshd', options: {} };

    const first = action.plugin.create(given);
    await first.start(AbortSignal.abort());
    await first.apply([{ op: 'add', target: '192.0.2.1', timeoutMs: null }], AbortSignal.abort());

    expect(action.plugin.create(given)).toBe(first);
    expect(action.list('memory/sshd').targets).toEqual(['192.0.2.1']);
  });

  it.each([
    { scope: 'jail' as const, options: {}, key: 'memory/sshd' },
    { scope: 'host' as const, options: {}, key: 'memory' },
    { scope: 'jail' as const, options: { list: 'shared' }, key: 'shared' },
  ])('names its list by $scope and $options', ({ scope, options, key }) => {
    const { plugin } = memoryAction({ clock: new FakeClock(), scope });

    expect(plugin.listKey?.(options, 'sshd')).toBe(key);
  });
});

/** The kernel's side of a source: commits what is pushed, until it is told to refuse. */
function fakeKernel(committed = new Map<string, string>()) {
  const batches: (Omit<SourceBatch, 'bytes'> & { readonly text: string })[] = [];
  const feed: SourceFeed = {
    maxLineBytes: 16_384,
    bookmark: (stream) => committed.get(stream),
    push: async ({ bytes, ...batch }) => {
      batches.push({ ...batch, text: new TextDecoder().decode(bytes) });
      committed.set(batch.stream, batch.bookmark);
    },
    health: () => undefined,
  };
  return { feed, batches, committed };
}

const uses = [{ id: 'u1', jails: ['sshd'], options: {}, lookBackMs: 1 }];
const signal = new AbortController().signal;

describe(LogFeed.name, () => {
  it('hands over lines with bookmarks that count them', async () => {
    const log = new LogFeed();
    const kernel = fakeKernel();
    await log.plugin.create({ uses }).start(kernel.feed, signal);

    await log.push(['one', 'two']);
    await log.push('three', { live: false, behind: 5, bookmark: 'mine' });

    expect(kernel.batches).toEqual([
      { stream: 'feed', uses: ['u1'], text: 'one\ntwo\n', bookmark: '2', live: true },
      { stream: 'feed', uses: ['u1'], text: 'three\n', bookmark: 'mine', live: false, behind: 5 },
    ]);
    expect(log.bookmark()).toBe('mine');
  });

  it('goes on behind the committed bookmark at the next start', async () => {
    const log = new LogFeed();
    const kernel = fakeKernel();
    const source = log.plugin.create({ uses });
    await source.start(kernel.feed, signal);
    await log.push(['one']);
    await source.stop?.(1_000);
    await expect(log.push(['two'])).rejects.toThrow('not running');
    log.append(['three']);

    const next = fakeKernel(kernel.committed);
    await log.plugin.create({ uses }).start(next.feed, signal);
    await log.settled();

    expect(next.batches).toMatchObject([{ text: 'two\nthree\n', bookmark: '3', live: false }]);
    expect([log.started, log.stopped]).toEqual([2, 1]);
  });

  it('fails a start when it is told to', async () => {
    const log = new LogFeed();
    log.failNextStart();

    const source = log.plugin.create({ uses });

    await expect(source.start(fakeKernel().feed, signal)).rejects.toThrow('by the test');
  });
});

describe(scriptedFilter.name, () => {
  it.each([
    ['abuse from 192.0.2.1', { address: '192.0.2.1' }],
    ['abuse from 192.0.2.1 user a b', { address: '192.0.2.1', user: 'a b' }],
    ['no abuse from 192.0.2.1', undefined],
  ])('makes of "%s" %o', (message, match) => {
    const filter = scriptedFilter().create({ options: {} });

    expect(filter.match(message, { program: 'x', pid: 1 })).toEqual(match);
  });
});

describe(recordingNotifier.name, () => {
  it('keeps what is delivered and fails when it is told to', async () => {
    const recorder = recordingNotifier();
    const notifier = recorder.plugin.create({ options: {} });
    const notice: Notice = { id: '1', kind: 'ban', at: 1, summary: 'banned' };

    recorder.failNext();
    await expect(notifier.deliver([notice], signal)).rejects.toThrow('by the test');
    const release = recorder.hold();
    const delivered = notifier.deliver([notice], signal);
    expect(recorder.notices).toEqual([]);
    release();
    await delivered;

    expect(recorder.notices).toEqual([notice]);
    expect(recorder.attempts).toBe(2);
  });
});

describe(memoryLogger.name, () => {
  it('keeps lines and finds them by event', () => {
    const logger = memoryLogger();

    logger.info('started');
    logger.warn('list-degraded', { list: 'x' });

    expect(logger.lines[0]).toEqual({ level: 'info', event: 'started', fields: {} });
    expect(logger.fieldsOf('list-degraded')).toEqual([{ list: 'x' }]);
  });
});

describe('anyOptions', () => {
  it('takes everything', () => {
    expect(anyOptions['~standard'].validate(7)).toEqual({ value: 7 });
  });
});
