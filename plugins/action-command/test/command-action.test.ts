import { type Change, CommandError } from '@remand/api';
import { FakeClock, RecordingCommandRunner } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { CommandAction } from '../src/command-action.ts';
import { options } from '../src/options.ts';

const { signal } = new AbortController();
const each = {
  name: 'edge',
  add: ['/sbin/block', '{family}', '--net={base}/{prefix}', '{address}', '{seconds}'],
  remove: ['/sbin/unblock', '{address}'],
  countsTo: '1d',
};

function rig(given: object, commands = new RecordingCommandRunner(), clock = new FakeClock()) {
  const action = new CommandAction({ options: options.parse(given), commands, clock });
  return { action, commands, clock };
}

const add = (target: string, timeoutMs: number | null = 1_500): Change => ({
  op: 'add',
  target,
  timeoutMs,
});
const remove = (target: string): Change => ({ op: 'remove', target, timeoutMs: null });

/** A program that said no, or one that was killed. */
function ended(exitCode: number | undefined, timedOut = false): CommandError {
  const details = exitCode === undefined ? { timedOut } : { exitCode, timedOut };
  return new CommandError(timedOut ? 'COMMAND_TIMEOUT' : 'COMMAND_FAILED', 'it failed', details);
}

describe(CommandAction, () => {
  it('runs a program for each change, with the values in their places', async () => {
    const { action, commands } = rig(each);

    const { refused } = await action.apply(
      [add('198.51.100.1'), { ...add('2001:db8::/64', null), op: 'extend' }, remove('203.0.113.9')],
      signal,
    );

    expect(refused).toEqual([]);
    expect(commands.runs.map(({ argv }) => argv)).toEqual([
      ['/sbin/block', '4', '--net=198.51.100.1/32', '198.51.100.1', '2'],
      ['/sbin/block', '6', '--net=2001:db8::/64', '2001:db8::/64', '0'],
      ['/sbin/unblock', '203.0.113.9'],
    ]);
  });

  it.each([
    [
      'json',
      [
        '{"op":"add","address":"198.51.100.0/24","family":4,"base":"198.51.100.0","prefix":24,"seconds":2}',
        '{"op":"add","address":"2001:db8::1","family":6,"base":"2001:db8::1","prefix":128,"seconds":0}',
        '{"op":"remove","address":"203.0.113.9","family":4,"base":"203.0.113.9","prefix":32}',
      ],
    ],
    ['plain', ['add 198.51.100.0/24 2', 'add 2001:db8::1 0', 'remove 203.0.113.9']],
  ])('writes a batch as %s', async (format, lines) => {
    const { action, commands } = rig({ name: 'edge', batch: ['/sbin/edge', '-'], format });

    await action.apply(
      [
        add('198.51.100.0/24'),
        { ...add('2001:db8::1', null), op: 'extend' },
        remove('203.0.113.9'),
      ],
      signal,
    );

    expect(commands.runs).toEqual([{ argv: ['/sbin/edge', '-'], input: `${lines.join('\n')}\n` }]);
  });

  it('refuses the entry whose program says no, and goes on', async () => {
    const commands = new RecordingCommandRunner({
      '/sbin/block 4 --net=198.51.100.1/32': ended(7),
    });
    const { action } = rig(each, commands);

    const { refused } = await action.apply([add('198.51.100.1'), add('198.51.100.2')], signal);

    expect(refused).toEqual([{ index: 0, reason: 'it failed' }]);
    expect(commands.runs).toHaveLength(2);
  });

  it.each([
    ['is killed', ended(undefined)],
    ['does not end in time', ended(undefined, true)],
    ['is not installed', new CommandError('COMMAND_MISSING', 'is not installed')],
  ])('knows nothing of a batch when a program %s', async (_what, failure) => {
    const { action } = rig(each, new RecordingCommandRunner({ '/sbin/block': failure }));

    await expect(action.apply([add('198.51.100.1')], signal)).rejects.toBe(failure);
  });

  it('fails a batch as a whole, for the kernel to halve it', async () => {
    const commands = new RecordingCommandRunner({ '/sbin/edge': ended(1) });
    const { action } = rig({ name: 'edge', batch: ['/sbin/edge'] }, commands);

    await expect(action.apply([add('198.51.100.1')], signal)).rejects.toThrow('it failed');
  });

  it('begins no program that could outlast the call', async () => {
    const clock = new FakeClock();
    const commands = new RecordingCommandRunner(async () => {
      clock.advance(5_000);
      return '';
    });
    const { action } = rig(each, commands, clock);
    const many = Array.from({ length: 6 }, (_, n) => add(`198.51.100.${n}`));

    const { refused } = await action.apply(many, signal);

    expect(commands.runs).toHaveLength(4);
    expect(refused.map(({ index }) => index)).toEqual([4, 5]);
  });

  it('gives a program nothing that is beyond its limits', async () => {
    const { action, commands } = rig({ ...each, families: [4], ranges: false, maxEntries: 9 });

    const { refused } = await action.apply([add('2001:db8::1'), add('198.51.100.0/24')], signal);

    expect(refused.map(({ index }) => index)).toEqual([0, 1]);
    expect(commands.runs).toEqual([]);
    expect(action.limits).toEqual({
      families: [4],
      ranges: false,
      maxEntries: 9,
      maxTimeoutMs: 86_400_000,
    });
  });

  it('reads what list prints', async () => {
    const printed =
      '# kept\n198.51.100.1/32\n\n 203.0.113.0/24\t60 \n2001:db8::1/128 0\n::1.2.3.4\n';
    const { action } = rig(
      { ...each, list: ['/sbin/block', 'list'] },
      new RecordingCommandRunner({ '/sbin/block list': printed }),
    );

    expect(await action.list(signal)).toEqual({
      state: 'known',
      entries: [
        { target: '198.51.100.1', remainingMs: null },
        { target: '203.0.113.0/24', remainingMs: 60_000 },
        { target: '2001:db8::1', remainingMs: null },
        { target: '::102:304', remainingMs: null },
      ],
    });
  });

  it.each([
    ['198.51.100.1\nno address\n', 'line 2 is "no address", wanted ADDRESS or ADDRESS SECONDS'],
    ['198.51.100.1 1 2\n', 'line 1 is "198.51.100.1 1 2", wanted ADDRESS or ADDRESS SECONDS'],
    ['2001:DB8::1\n', 'line 1: "2001:DB8::1" is no canonical address'],
    ['\u001b[2J', 'line 1: "\\x1b[2J" is no canonical address'],
  ])('takes %j for no listing at all', async (printed, reason) => {
    const commands = new RecordingCommandRunner({ '/sbin/block list': printed });
    const { action } = rig({ ...each, list: ['/sbin/block', 'list'] }, commands);

    expect(await action.list(signal)).toMatchObject({
      state: 'unavailable',
      reason: `what /sbin/block printed: ${reason}`,
    });
  });

  it('says without list that nobody can see what is in', async () => {
    const { action, commands } = rig(each);

    await action.start(signal);

    expect(await action.list(signal)).toEqual({ state: 'unlisted' });
    expect(commands.runs).toEqual([]);
  });
});
