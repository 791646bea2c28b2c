import { type AnyPlugin, CommandError, definePlugin, type Notifier } from '@remand/api';
import { anyOptions, FakeClock, recordingNotifier, settle } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { tryNotifiers } from '../../src/notify/try-notifiers.ts';
import { bundle, kernelConfig, use } from '../kernel-rig.ts';

function notifier(name: string, create: () => Notifier): AnyPlugin<'notifier'> {
  const about = { kind: 'notifier', name, apiVersion: 1, summary: 'For a test.' } as const;
  return definePlugin({ ...about, options: anyOptions, inject: [], create });
}

function trying(plugins: readonly AnyPlugin[], names: readonly string[]) {
  const clock = new FakeClock(0);
  const config = kernelConfig({ notifiers: names.map((name) => use(name)) });
  return { clock, result: tryNotifiers({ config, bundled: bundle(plugins), clock }) };
}

describe(tryNotifiers.name, () => {
  it('sends one test message through each notifier, and releases it', async () => {
    const recorder = recordingNotifier();
    const calls: string[] = [];
    const other = notifier('other', () => ({
      start: async () => void calls.push('start'),
      deliver: async (notices) => void calls.push(...notices.map(({ kind }) => kind)),
      stop: async () => void calls.push('stop'),
      dispose: async () => void calls.push('dispose'),
    }));

    const { result } = trying([recorder.plugin, other], ['recorder', 'other', 'recorder']);

    expect(await result).toEqual([
      { name: 'recorder', ms: 0 },
      { name: 'other', ms: 0 },
      { name: 'recorder-3', ms: 0 },
    ]);
    expect(calls).toEqual(['start', 'test', 'stop', 'dispose']);
    expect(recorder.batches.map((batch) => batch.map(({ summary }) => summary))).toEqual([
      [expect.stringContaining('a test of the notifier recorder,')],
      [expect.stringContaining('a test of the notifier recorder-3,')],
    ]);
  });

  it('tells of each that fails what went wrong and what to do, and tries the others', async () => {
    const recorder = recordingNotifier();
    const failing = notifier('failing', () => ({
      deliver: async () => {
        const hint = 'is exim running?\u001b[2J';
        throw new CommandError('NOTICE_FAILED', 'connection refused', { hint });
      },
    }));
    const broken = notifier('broken', () => {
      throw new Error('no such file');
    });
    let aborted = false;
    let released = false;
    const hanging = notifier('hanging', () => ({
      deliver: (_notices, signal) => {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
        return new Promise(() => undefined);
      },
      dispose: async () => {
        released = true;
      },
    }));
    const plugins = [failing, broken, hanging, recorder.plugin];

    const { clock, result } = trying(plugins, ['failing', 'broken', 'hanging', 'recorder']);
    await settle();
    await clock.advanceAsync(29_000);
    expect(aborted).toBe(false);
    await clock.advanceAsync(1_000);

    expect(await result).toMatchObject([
      {
        name: 'failing',
        ms: 0,
        failure: { reason: 'connection refused', hint: 'is exim running?\\x1b[2J' },
      },
      {
        name: 'broken',
        failure: {
          reason: 'notifier broken cannot be created: no such file',
          hint: 'create only makes the instance: what can fail belongs into start',
        },
      },
      {
        name: 'hanging',
        ms: 30_000,
        failure: { hint: expect.stringMatching(/^nothing answered within 30s: is what/) },
      },
      { name: 'recorder', ms: 0 },
    ]);
    expect({ aborted, released }).toEqual({ aborted: true, released: true });
    expect(recorder.notices).toHaveLength(1);
  });

  it('sends nothing when a name is wrong', async () => {
    const recorder = recordingNotifier();

    const { result } = trying([recorder.plugin], ['recorder', 'recoder']);

    await expect(result).rejects.toMatchObject({
      problems: [{ path: ['uses', 'recoder'], hint: 'did you mean "recorder"?' }],
    });
    expect(recorder.attempts).toBe(0);
  });
});
