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

  it('adds the new type before it takes the old one out, also where a crash came between', async () => {
    const own = 'proto 114 metric';
    const { action, commands } = actionOn({
      'ip -N -4 rule show': rule,
      'ip -N -6 rule show': rule,
      'ip -N -4 route show': [
        `7 198.51.100.7 ${own} 115`,
        `6 198.51.100.8 ${own} 114`,
        `7 198.51.100.8 ${own} 115`,
      ].join('\n'),
    });

    await action.start(signal);

    expect(commands.runs.find(({ input }) => input)?.input?.split('\n')).toEqual([
      `route add blackhole 198.51.100.7 ${own} 114 table 7263`,
      `route del unreachable 198.51.100.7 ${own} 115 table 7263`,
      `route del unreachable 198.51.100.8 ${own} 115 table 7263`,
      '',
    ]);
  });

  describe('watched', () => {
    let shown: string | Promise<string>;
    const route = (target: string) => `6 ${target} proto 114 metric 114\n`;

    async function watched() {
      shown = '';
      const { action, clock } = actionOn({
        'ip -N -4 rule show': rule,
        'ip -N -6 rule show': rule,
        'ip -N -4 route show': () => shown,
      });
      await action.start(signal);
      await action.apply([add('198.51.100.7')], signal);
      shown = route('198.51.100.7');
      const told: string[] = [];
      const watching = new AbortController();
      action.watch((what) => told.push(what), watching.signal);
      return { action, clock, told, watching };
    }

    it.each([
      ['is gone', ''],
      ['is another', route('198.51.100.8')],
      ['is of another type', `${route('198.51.100.7')}7 198.51.100.7 proto 114 metric 115`],
      ['has company', route('198.51.100.7') + route('198.51.100.8')],
    ])('tells of a route that %s', async (_what, text) => {
      const { clock, told } = await watched();
      await clock.advanceAsync(12_000);
      expect(told).toEqual([]);

      shown = text;
      await clock.advanceAsync(5_000);

      expect(told).toEqual(['the routing table 7263 or its rule']);
    });

    it('does not take for a change what it did itself during a look', async () => {
      const { action, clock, told } = await watched();
      const look = Promise.withResolvers<string>();
      shown = look.promise;
      await clock.advanceAsync(5_000);

      await action.apply([add('198.51.100.8')], signal);
      look.resolve(route('198.51.100.7'));
      shown = route('198.51.100.7') + route('198.51.100.8');
      await clock.advanceAsync(12_000);

      expect(told).toEqual([]);
    });

    it('is quiet after a flush, and when it is told to stop', async () => {
      const { action, clock, told, watching } = await watched();
      shown = '';
      await action.flush(signal);

      await clock.advanceAsync(20_000);

      expect(told).toEqual([]);
      watching.abort();
      expect(clock.pendingTimers).toBe(0);
    });
  });
});
