import { CommandError } from '@remand/api';
import {
  type CommandTable,
  commandFailure,
  FakeClock,
  memoryLogger,
  RecordingCommandRunner,
} from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { options } from '../src/options.ts';
import { RouteAction } from '../src/route-action.ts';

const { signal } = new AbortController();
const add = (target: string) => ({ op: 'add', target, timeoutMs: null }) as const;
const rule = '72:\tfrom all lookup 7263 proto 114';
const noV6 = 'RTNETLINK answers: Address family not supported by protocol\nDump terminated';

function actionOn(answers: CommandTable) {
  const commands = new RecordingCommandRunner(answers);
  const logger = memoryLogger();
  const clock = new FakeClock();
  const given = { list: 'route/7263', options: options.parse({}), commands, clock, logger };
  return { action: new RouteAction(given), commands, logger, clock };
}

describe('RouteAction on a machine that lacks something', () => {
  it('says that ip is missing', async () => {
    const { action } = actionOn({
      ip: new CommandError('COMMAND_MISSING', 'ip is not installed', { hint: 'install it' }),
    });

    await expect(action.start(signal)).rejects.toMatchObject({ code: 'COMMAND_MISSING' });
    await expect(action.apply([add('198.51.100.7')], signal)).rejects.toThrow('not installed');
    expect(await action.list(signal)).toEqual({
      state: 'unavailable',
      reason: 'ip is not installed',
      hint: 'install it',
    });
  });

  it('does without IPv6, says so once, and refuses its bans', async () => {
    const { action, commands, logger } = actionOn({
      'ip -N -4 rule show': rule,
      'ip -N -6': commandFailure(noV6),
    });
    await action.start(signal);
    await action.list(signal);

    const { refused } = await action.apply(['2001:db8::1', '198.51.100.7'].map(add), signal);

    expect(refused).toEqual([{ index: 0, reason: expect.stringContaining('not supported') }]);
    expect(commands.runs.at(-1)?.input).toBe(
      'route add blackhole 198.51.100.7 proto 114 metric 114 table 7263\n',
    );
    expect(logger.fieldsOf('family-unavailable')).toEqual([
      expect.objectContaining({ list: 'route/7263', family: 'IPv6' }),
    ]);
  });

  it('is down as a whole, and not entry by entry, where it may not change routes', async () => {
    const { action } = actionOn({
      'ip -N -4 rule show': rule,
      'ip -force': commandFailure('RTNETLINK answers: Operation not permitted\nCommand failed -:1'),
    });

    await expect(action.apply([add('198.51.100.7')], signal)).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      hint: expect.stringContaining('CAP_NET_ADMIN'),
    });
  });

  it('never hands ip what is no address', async () => {
    const { action, commands } = actionOn({ 'ip -N -4 rule show': rule });

    const { refused } = await action.apply(
      ['default', '0.0.0.0/0', '198.51.100.7\nrule flush', '198.51.100.7 dev eth0'].map(add),
      signal,
    );

    expect(refused.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(commands.runs).toEqual([]);
  });

  it('tells of a change between two looks, and is quiet while it works itself', async () => {
    let shown = '';
    const { action, clock } = actionOn({
      'ip -N -4 rule show': rule,
      'ip -N -6 rule show': rule,
      'ip -N -4 route show': () => shown,
    });
    await action.start(signal);
    await action.apply([add('198.51.100.7')], signal);
    shown = '6 198.51.100.7 proto 114 metric 114';
    const told: string[] = [];
    const watching = new AbortController();
    action.watch((what) => told.push(what), watching.signal);

    await clock.advanceAsync(12_000);
    expect(told).toEqual([]);
    shown = '6 198.51.100.8 proto 114 metric 114';
    await clock.advanceAsync(5_000);
    expect(told).toEqual(['the routing table 7263 or its rule']);

    await action.flush(signal).catch(() => undefined);
    await clock.advanceAsync(20_000);
    expect(told).toHaveLength(1);
    watching.abort();
    expect(clock.pendingTimers).toBe(0);
  });
});
