import { type Change, CommandError } from '@remand/api';
import {
  type CommandTable,
  FakeClock,
  memoryLogger,
  RecordingCommandRunner,
  settle,
} from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { options } from '../src/options.ts';
import { ShorewallAction } from '../src/shorewall-action.ts';

const signal = new AbortController().signal;

const running = ':shorewall - [0:0]\n';
const chain = `${running}:dynamic - [0:0]\n`;
const set4 = `${running}-A eth0_in -m set --match-set SW_DBL4 src -j DROP\n`;
const set6 = `${running}-A eth0_in -m set --match-set SW_DBL6 src -j DROP\n`;
const header = 'Type: hash:net\nHeader: family inet maxelem 65536 timeout 0\n';

const both = (v4: string, v6 = v4): CommandTable => ({
  'iptables-save': v4,
  'ip6tables-save': v6,
});
const withSets = { ...both(set4, set6), 'ipset list': header };

function missing(program: string): CommandError {
  return new CommandError('COMMAND_MISSING', `${program} is not installed`, { hint: 'install it' });
}

function failing(stderr: string, exitCode = 1): CommandError {
  return new CommandError('COMMAND_FAILED', `ended with ${exitCode}: ${stderr}`, {
    exitCode,
    stderr,
  });
}

function actionOn(answers: CommandTable, given: object = {}) {
  const commands = new RecordingCommandRunner(answers);
  const logger = memoryLogger();
  const clock = new FakeClock();
  const action = new ShorewallAction({ options: options.parse(given), commands, clock, logger });
  return { action, commands, clock, events: () => logger.lines.map(({ event }) => event) };
}

function add(target: string, timeoutMs: number | null = null): Change {
  return { op: 'add', target, timeoutMs };
}

describe('ShorewallAction and the way of entering', () => {
  it('writes the chain of each family in one restore', async () => {
    const { action, commands } = actionOn(both(chain));
    await action.start(signal);

    await action.apply([add('198.51.100.1'), add('2001:db8::1'), add('198.51.100.2')], signal);

    const written = commands.runs.filter(({ input }) => input !== undefined);
    expect(written).toEqual([
      {
        argv: ['iptables-restore', '-w', '5', '--noflush'],
        input:
          '*filter\n-A dynamic -s 198.51.100.1/32 -j DROP\n-A dynamic -s 198.51.100.2/32 -j DROP\nCOMMIT\n',
      },
      {
        argv: ['ip6tables-restore', '-w', '5', '--noflush'],
        input: '*filter\n-A dynamic -s 2001:db8::1/128 -j DROP\nCOMMIT\n',
      },
    ]);
    expect(action.limits).toEqual({ families: [4, 6], ranges: true, maxTimeoutMs: 0 });
  });

  it('fills the set where shorewall has one, with whole seconds rounded up', async () => {
    const { action, commands } = actionOn(withSets);
    await action.start(signal);

    await action.apply(
      [
        add('198.51.100.1', 1),
        add('198.51.100.0/24', 90_500),
        add('198.51.100.2'),
        { op: 'remove', target: '198.51.100.3', timeoutMs: null },
      ],
      signal,
    );

    expect(commands.runs.filter(({ input }) => input !== undefined)).toEqual([
      {
        argv: ['ipset', '-exist', 'restore'],
        input: [
          'add SW_DBL4 198.51.100.1 timeout 1',
          'add SW_DBL4 198.51.100.0/24 timeout 91',
          'add SW_DBL4 198.51.100.2 timeout 0',
          'del SW_DBL4 198.51.100.3',
          '',
        ].join('\n'),
      },
    ]);
    expect(action.limits).toMatchObject({ maxEntries: 65_536, maxTimeoutMs: 2_147_483_000 });
  });

  it('says no time where a set was made without, or one family has a chain', async () => {
    const without = actionOn({ ...withSets, 'ipset list': header.replace(' timeout 0', '') });
    await without.action.start(signal);
    await without.action.apply([add('198.51.100.1')], signal);
    expect(without.action.limits.maxTimeoutMs).toBe(0);
    expect(without.commands.runs.at(-2)?.input).toBe('add SW_DBL4 198.51.100.1\n');

    const mixed = actionOn({ ...both(set4, chain), 'ipset list': header });
    await mixed.action.start(signal);
    expect(mixed.action.limits).toMatchObject({ maxTimeoutMs: 0, maxEntries: 65_536 });
  });

  it.each([
    [{ block: 'logdrop' }, 'iptables-restore'],
    [{ how: 'chain' }, 'iptables-restore'],
    [{ how: 'ipset' }, 'ipset'],
    [{}, 'ipset'],
    [{ set: 'other' }, 'iptables-restore'],
    [{ how: 'program' }, 'shorewall'],
  ])('has both and with %j uses %s', async (given, program) => {
    const { action, commands } = actionOn(
      { ...both(`${set4}:dynamic - [0:0]\n`), 'ipset list': header, 'shorewall show': 'Dynamic:' },
      { families: [4], ...given },
    );

    await action.apply([add('198.51.100.1')], signal);

    const writes = commands.runs.filter(
      ({ argv }) => !/-save$/.test(argv[0] ?? '') && !['list', 'show'].includes(argv[1] ?? ''),
    );
    expect(writes.map(({ argv }) => argv[0])).toEqual([program]);
  });

  it.each([
    [{ block: 'reject', how: 'ipset' }, set4, 'cannot reject', 'block: drop'],
    [{ how: 'ipset' }, chain, 'no rule with the set SW_DBL4', 'DYNAMIC_BLACKLIST=ipset'],
    [{ how: 'chain' }, set4, 'no chain dynamic', 'DYNAMIC_BLACKLIST=Yes'],
    [{}, running, 'no dynamic blacklist', 'DYNAMIC_BLACKLIST=Yes'],
  ])('cannot have %j with the rules %#', async (given, table, reason, hint) => {
    const { action } = actionOn(both(table), { families: [4], ...given });

    expect(await action.list(signal)).toEqual({
      state: 'unavailable',
      reason: expect.stringContaining(reason),
      hint: expect.stringContaining(hint),
    });
    await expect(action.start(signal)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('refuses another kind of set of that name', async () => {
    const { action } = actionOn({ ...withSets, 'ipset list': 'Type: hash:ip\n' });

    await expect(action.start(signal)).rejects.toThrow('not of the type hash:net');
  });

  it.each([
    '198.51.100.9 -j ACCEPT',
    'localhost',
    '0.0.0.0/0',
    '::/0',
    '198.51.100.1\nCOMMIT',
    '198.51.100.0/2e1',
    '',
  ])('lets no program see %j', async (target) => {
    const { action, commands } = actionOn(both(chain));

    const { refused } = await action.apply([add(target)], signal);

    expect(refused).toEqual([{ index: 0, reason: expect.stringMatching(/./) }]);
    expect(commands.runs.every(({ input }) => input === undefined)).toBe(true);
  });
});

describe('ShorewallAction with the program', () => {
  const listing = (...targets: readonly string[]) =>
    `Chain dynamic (1 references)\n${targets.map((one) => ` 0 0 DROP 0 -- * * ${one} 0.0.0.0/0\n`).join('')}`;

  it('gives it all addresses at once, and believes what it shows afterwards', async () => {
    let shown = listing('198.51.100.3', '198.51.100.5');
    const { action, commands } = actionOn(
      {
        ...both(running),
        'shorewall show bl': () => shown,
        'shorewall drop': () => {
          shown = listing('198.51.100.1', '198.51.100.3', '198.51.100.5');
          return { stdout: '', stderr: 'it\nfell over' };
        },
      },
      { families: [4] },
    );

    const { refused } = await action.apply(
      [
        add('198.51.100.1'),
        add('198.51.100.2'),
        add('198.51.100.5'),
        { op: 'remove', target: '198.51.100.3', timeoutMs: null },
        { op: 'remove', target: '198.51.100.4', timeoutMs: null },
      ],
      signal,
    );

    expect(commands.lines).toEqual([
      'iptables-save -t filter',
      'shorewall show bl',
      'shorewall allow 198.51.100.3',
      'shorewall drop 198.51.100.1 198.51.100.2',
      'shorewall show bl',
    ]);
    expect(refused).toEqual([
      { index: 1, reason: 'shorewall did not do it: it' },
      { index: 3, reason: 'shorewall did not do it: it' },
    ]);
  });

  it('is the way where shorewall runs and iptables does not show it', async () => {
    const { action, commands } = actionOn(
      { ...both(''), 'shorewall show bl': 'Dynamic:\n198.51.100.1 timeout 0\n' },
      { families: [4] },
    );

    expect(await action.list(signal)).toEqual({
      state: 'known',
      entries: [{ target: '198.51.100.1', remainingMs: null }],
    });
    await action.apply([add('198.51.100.2')], signal);
    expect(commands.lines).toContain('shorewall blacklist 198.51.100.2 timeout 0');
  });
});

describe('ShorewallAction on a machine that lacks something', () => {
  it('says that shorewall is missing', async () => {
    const { action } = actionOn({
      ...both(''),
      'shorewall status': missing('shorewall'),
      'shorewall6 status': missing('shorewall6'),
    });

    await expect(action.start(signal)).rejects.toMatchObject({ code: 'COMMAND_MISSING' });
    expect(await action.list(signal)).toEqual({
      state: 'unavailable',
      reason: 'shorewall is not installed',
      hint: expect.stringContaining('install the package shorewall'),
    });
    await expect(action.apply([add('198.51.100.1')], signal)).rejects.toThrow('not installed');
  });

  it('works on without shorewall6, refuses its addresses with the reason, and says so once', async () => {
    const { action, events } = actionOn({
      ...both(chain, ''),
      'shorewall6 status': missing('shorewall6'),
    });
    await action.start(signal);

    const { refused } = await action.apply([add('198.51.100.1'), add('2001:db8::1')], signal);

    expect(refused).toEqual([{ index: 1, reason: 'shorewall6 is not installed' }]);
    expect(events()).toEqual(['family-unavailable']);
  });

  it.each([
    ['the program', missing('ip6tables-save')],
    ['IPv6 in the kernel', failing('Address family not supported by protocol')],
  ])('works on without %s', async (_what, failure) => {
    const { action } = actionOn({ ...both(chain), 'ip6tables-save': failure });

    const { refused } = await action.apply([add('198.51.100.1'), add('2001:db8::1')], signal);

    expect(refused).toEqual([{ index: 1, reason: failure.message }]);
    expect(await action.list(signal)).toMatchObject({ state: 'known' });
  });

  it('is unavailable as a whole while one that was in use is stopped', async () => {
    const { action } = actionOn({ ...both(chain, ''), 'shorewall6 status': failing('', 3) });

    expect(await action.list(signal)).toEqual({
      state: 'unavailable',
      reason: 'shorewall6 is not running',
      hint: expect.stringContaining('shorewall6 start'),
    });
  });

  it.each([
    ['State:Unknown', 'known'],
    ['State:Started Wed Nov 25 (/var/lib/shorewall6/firewall)', 'unavailable'],
  ])('asks one that was not stopped by hand: %s', async (line, state) => {
    const { action, commands } = actionOn({
      ...both(chain, ''),
      'shorewall6 status': failing('', 4),
    });

    const listing = action.list(signal);
    await settle();
    commands.streams[0]?.feed('Shorewall6 is stopped', line);
    commands.streams[0]?.end(4);

    expect(await listing).toMatchObject({ state });
  });

  it.each([
    ['iptables-save v1.8.9: Permission denied (you must be root)', 'run remand as root'],
    ['something else', 'try `iptables-save -t filter` as root'],
  ])('says what to do about %s', async (stderr, hint) => {
    const { action } = actionOn({ 'iptables-save': failing(stderr) });

    expect(await action.list(signal)).toMatchObject({
      state: 'unavailable',
      hint: expect.stringContaining(hint),
    });
  });
});

describe('ShorewallAction under watch', () => {
  it('tells of what others do, not of itself, and ends with its signal', async () => {
    let rules = '';
    const { action, commands, clock } = actionOn(
      { 'iptables-save': () => chain + rules, 'iptables-restore': '' },
      { families: [4] },
    );
    const watching = new AbortController();
    const told: string[] = [];
    action.watch((what) => told.push(what), watching.signal);
    await action.list(signal);

    await action.apply([add('198.51.100.1')], signal);
    rules = '-A dynamic -s 198.51.100.1/32 -j DROP\n';
    await clock.advanceAsync(5_000);
    expect(told).toEqual([]);

    rules += '-A dynamic -s 198.51.100.2/32 -j DROP\n';
    await clock.advanceAsync(10_000);
    expect(told).toEqual(['the blacklist of shorewall']);

    commands.failNext(1, failing('gone'));
    await clock.advanceAsync(10_000);
    expect(told.slice(1)).toEqual(['whether shorewall runs', 'whether shorewall runs']);

    watching.abort();
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });

  it('does not tell what a reading has shown, but that one has failed', async () => {
    let rules = '';
    const { action, commands, clock } = actionOn(
      { 'iptables-save': () => chain + rules },
      { families: [4] },
    );
    const told: string[] = [];
    action.watch((what) => told.push(what), signal);
    await clock.advanceAsync(5_000);

    rules = '-A dynamic -s 198.51.100.2/32 -j DROP\n';
    await action.list(signal);
    await clock.advanceAsync(5_000);
    expect(told).toEqual([]);

    commands.failNext(1, failing('gone'));
    expect(await action.list(signal)).toMatchObject({ state: 'unavailable' });
    await clock.advanceAsync(5_000);
    expect(told).toEqual(['whether shorewall runs']);
  });

  describe('and a call beside a probe', () => {
    const rule = '-A dynamic -s 198.51.100.1/32 -j DROP\n';

    /** Answers that wait until they are let go, each as the table was when it was asked for. */
    function slowTable() {
      const waiting: (() => void)[] = [];
      let rules = '';
      let isSlow = false;
      const { action, clock } = actionOn(
        {
          'iptables-save': () => {
            const answer = chain + rules;
            if (!isSlow) return answer;
            return new Promise<string>((resolve) => waiting.push(() => resolve(answer)));
          },
          'iptables-restore': () => {
            rules = rule;
            return '';
          },
        },
        { families: [4] },
      );
      const slow = (value: boolean) => {
        isSlow = value;
      };
      const go = async () => {
        for (const one of waiting.splice(0)) one();
        await settle();
      };
      return { action, clock, waiting, slow, go };
    }

    it('does not take what was read before it for a change', async () => {
      const { action, clock, slow, go } = slowTable();
      const told: string[] = [];
      action.watch((what) => told.push(what), signal);
      await action.list(signal);
      slow(true);
      await clock.advanceAsync(5_000);
      slow(false);

      await action.apply([add('198.51.100.1')], signal);
      await go();
      await clock.advanceAsync(5_000);

      expect(told).toEqual([]);
    });

    it('does not look while it is at work', async () => {
      const { action, clock, waiting, slow, go } = slowTable();
      action.watch(() => undefined, signal);
      slow(true);
      const listing = action.list(signal);
      await settle();

      await clock.advanceAsync(5_000);

      expect(waiting).toHaveLength(1);
      await go();
      await listing;
    });

    it('looks no more when it ends in the middle of one', async () => {
      const { action, clock, slow, go } = slowTable();
      const watching = new AbortController();
      action.watch(() => undefined, watching.signal);
      slow(true);
      await clock.advanceAsync(5_000);

      watching.abort();
      await go();

      expect(clock.pendingTimers).toBe(0);
    });
  });

  it('sees an entry of a set go right after it was entered', async () => {
    let count = 0;
    const { action, clock } = actionOn({
      ...withSets,
      'ipset list': () => `${header}Number of entries: ${count}\n`,
      'ipset -exist': () => {
        count++;
        return '';
      },
    });
    const told: string[] = [];
    action.watch((what) => told.push(what), signal);
    await action.apply([add('198.51.100.1')], signal);

    count = 0;
    await clock.advanceAsync(5_000);

    expect(told).toEqual(['the blacklist of shorewall']);
  });

  it('asks for a reading once a minute', async () => {
    const { action, clock } = actionOn(withSets);
    const told: string[] = [];
    action.watch((what) => told.push(what), signal);

    await clock.advanceAsync(60_000);

    expect(told).toEqual(['a minute has passed']);
  });
});
