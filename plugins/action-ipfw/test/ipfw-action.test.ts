import { type Change, CommandError } from '@remand/api';
import { type CommandTable, commandFailure, RecordingCommandRunner } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import ipfw from '../src/index.ts';
import { IpfwAction } from '../src/ipfw-action.ts';
import { Layout } from '../src/layout.ts';
import { options } from '../src/options.ts';
import { RulesAction } from '../src/rules-action.ts';

const { signal } = new AbortController();
const noTable = commandFailure('ipfw: failed to request table info: No such process');
const info = '--- table(remand), set(0) ---\n kindex: 3, type: addr\n references: 1\n';
const rule = 'deny ip from table(remand) to any';

function rig(answers: CommandTable, given: object = {}) {
  const commands = new RecordingCommandRunner(answers);
  const parsed = options.parse({ rule: 50, ...given });
  return { commands, action: ipfw.create({ list: 'ipfw', options: parsed }, commands) };
}

const change = (op: Change['op'], target: string): Change => ({ op, target, timeoutMs: null });

/** The forms are those of ipfw(8), FreeBSD 14 and, for tables with a number, FreeBSD 9. */
describe(IpfwAction, () => {
  it('makes a table and a rule', async () => {
    const { commands, action } = rig({
      'ipfw list': '00100 allow ip from any to any via lo0\n65535 deny ip from any to any\n',
      'ipfw table remand info': noTable,
    });

    await action.start(signal);

    expect(commands.runs.map(({ argv }) => argv)).toEqual([
      ['ipfw', 'list'],
      ['ipfw', 'table', 'remand', 'info'],
      ['ipfw', 'table', 'remand', 'create', 'type', 'addr'],
      ['ipfw', '-q', 'add', '50', 'deny', 'ip', 'from', 'table(remand)', 'to', 'any'],
    ]);
  });

  it('makes nothing that is there', async () => {
    const { commands, action } = rig({
      'ipfw list': `00050 ${rule}\n65535 deny ip from any to any\n`,
      'ipfw table remand info': info,
    });

    await action.start(signal);

    expect(commands.lines).toEqual(['ipfw list', 'ipfw table remand info']);
  });

  it('uses a table by its number where there are no names', async () => {
    const { commands, action } = rig({ 'ipfw list': '' }, { table: 7 });

    await action.start(signal);
    await action.apply([change('add', '198.51.100.1')], signal);
    await action.flush(signal);

    expect(commands.lines).toEqual([
      'ipfw list',
      'ipfw -q add 50 deny ip from table(7) to any',
      'ipfw -q /dev/stdin',
      'ipfw list',
      'ipfw -q table 7 flush',
    ]);
    expect(commands.runs[2]?.input).toBe('table 7 add 198.51.100.1/32\n');
  });

  it('applies a batch by one ipfw that reads commands', async () => {
    const { commands, action } = rig({});

    const { refused } = await action.apply(
      [
        change('remove', '203.0.113.0/24'),
        change('add', '198.51.100.1'),
        change('add', '198.51.100.1; flush'),
        change('extend', '2001:db8::1'),
        change('add', '2001:db8:0:1::/64'),
      ],
      signal,
    );

    expect(refused.map(({ index }) => index)).toEqual([2]);
    expect(commands.runs).toEqual([
      {
        argv: ['ipfw', '-q', '/dev/stdin'],
        input: [
          'table remand delete 203.0.113.0/24',
          'table remand add 198.51.100.1/32',
          'table remand add 2001:db8::1/128',
          'table remand add 2001:db8:0:1::/64',
          '',
        ].join('\n'),
      },
    ]);
  });

  it('runs nothing for a batch of which nothing is left', async () => {
    const { commands, action } = rig({});

    await action.apply([change('add', 'localhost')], signal);

    expect(commands.runs).toEqual([]);
  });

  it('reads a table', async () => {
    const { action } = rig({
      'ipfw list': `00050 ${rule}\n`,
      'ipfw table remand info': info,
      'ipfw table remand list':
        '198.51.100.1/32 0\n203.0.113.0/24 0\n2001:db8::1/128 0\n2001:db8:0:1::/64 0\n::1.2.3.4/128 0\n',
    });

    const listing = await action.list(signal);

    const targets = [
      '198.51.100.1',
      '203.0.113.0/24',
      '2001:db8::1',
      '2001:db8:0:1::/64',
      '::102:304',
    ];
    expect(listing).toEqual({
      state: 'known',
      entries: targets.map((target) => ({ target, remainingMs: null })),
    });
  });

  it('removes its rule and its table, in that order', async () => {
    const { commands, action } = rig({
      'ipfw list': `00050 ${rule}\n`,
      'ipfw table remand info': info,
    });

    await action.flush(signal);

    expect(commands.lines).toEqual([
      'ipfw list',
      'ipfw -q delete 50',
      'ipfw table remand info',
      'ipfw -q table remand destroy',
    ]);
  });

  it.each([
    ['00050 allow ip from me to any\n'],
    [`00050 ${rule}\n00050 allow tcp from any to me 22\n`],
    ['00050 deny ip from table(remand-web) to any\n'],
  ])('neither adds to nor removes a rule of others under its number: %j', async (printed) => {
    const { commands, action } = rig({
      'ipfw list': printed,
      'ipfw table remand info': noTable,
    });

    await expect(action.start(signal)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('the rule of that number is another one: "'),
      hint: expect.stringContaining('choose another `rule`'),
    });
    await action.flush(signal);

    expect(commands.lines.filter((line) => / (?:add|delete|destroy) /.test(line))).toEqual([]);
  });

  it('moves its rule when it is given another number, and touches no number that others use', async () => {
    const { commands, action } = rig({
      'ipfw list': `00040 ${rule}\n00041 ${rule}\n00041 allow ip from any to any\n00060 ${rule}\n`,
      'ipfw table remand info': info,
    });

    await action.start(signal);

    expect(commands.lines.slice(2)).toEqual([
      'ipfw -q add 50 deny ip from table(remand) to any',
      'ipfw -q /dev/stdin',
    ]);
    expect(commands.runs[3]?.input).toBe('delete 40\ndelete 60\n');
  });

  it('leaves a table of another type alone', async () => {
    const { action } = rig({
      'ipfw list': '',
      'ipfw table remand info': info.replace('addr', 'iface'),
    });

    await expect(action.start(signal)).rejects.toThrow('is of the type iface');
    expect(await action.list(signal)).toMatchObject({ state: 'unavailable' });
  });

  it.each([
    ['ipfw: socket: Operation not permitted', 'run remand as root'],
    ['ipfw: getsockopt(IP_FW_XGET): Protocol not available', 'load ipfw'],
    ['something else', 'look at `ipfw list`'],
  ])('says of %j what to do', async (stderr, hint) => {
    const { action } = rig({ 'ipfw list': commandFailure(stderr) });

    expect(await action.list(signal)).toMatchObject({
      state: 'unavailable',
      hint: expect.stringContaining(hint),
    });
    await expect(action.start(signal)).rejects.toBeInstanceOf(CommandError);
  });
});

describe(RulesAction, () => {
  const printed = [
    '00010 deny ip from 198.51.100.9 to any',
    '00050 deny ip from 198.51.100.1 to any',
    '00051 deny ip6 from 2001:db8::1 to any',
    '00052 allow tcp from any to me 22',
    '00053 deny ip from 203.0.113.0/24 to any',
    '00053 allow ip from any to any',
    '00054 deny ip from 198.51.100.1 to any',
    '00060 deny ip from 198.51.100.8 to any',
    '65535 deny ip from any to any',
  ].join('\n');
  const numbered = (lastRule = 57) => rig({ 'ipfw list': printed }, { lastRule });
  const input = 'delete 50\ndelete 54\nadd 50 deny ip from 198.51.100.2 to any\n';

  it('takes for its own what stands alone under one of its numbers', async () => {
    const { action } = numbered();

    expect(action.limits).toMatchObject({ maxEntries: 8, maxTimeoutMs: 0 });
    expect(await action.list(signal)).toEqual({
      state: 'known',
      entries: ['198.51.100.1', '2001:db8::1'].map((target) => ({ target, remainingMs: null })),
    });
  });

  it('gives each address the first free number, after removing what is to go', async () => {
    const { action, commands } = numbered();

    const { refused } = await action.apply(
      [
        change('add', '198.51.100.2'),
        change('remove', '198.51.100.1'),
        change('remove', '203.0.113.0/24'),
        change('add', '2001:db8::1'),
        change('add', '2001:db8:0:1::/64'),
        change('extend', '203.0.113.0/24'),
        change('add', 'me'),
      ],
      signal,
    );

    expect(refused.map(({ index }) => index)).toEqual([6]);
    expect(commands.runs).toEqual([
      { argv: ['ipfw', 'list'], input: undefined },
      {
        argv: ['ipfw', '-q', '/dev/stdin'],
        input: `${input}add 54 deny ip6 from 2001:db8:0:1::/64 to any\nadd 55 deny ip from 203.0.113.0/24 to any\n`,
      },
    ]);
  });

  it('refuses what finds no free number', async () => {
    const { action, commands } = numbered(54);

    const { refused } = await action.apply(
      [
        change('add', '198.51.100.2'),
        change('remove', '198.51.100.1'),
        change('add', '198.51.100.3'),
      ],
      signal,
    );
    const full = await action.apply([change('add', '198.51.100.4')], signal);

    expect(refused).toEqual([]);
    expect(commands.runs[1]?.input).toBe(`${input}add 54 deny ip from 198.51.100.3 to any\n`);
    expect(full.refused).toEqual([{ index: 0, reason: 'no number is free up to `lastRule`' }]);
  });

  it('is flushed rule by rule', async () => {
    const { action, commands } = numbered();

    await action.flush(signal);

    expect(commands.runs[1]?.input).toBe('delete 50\ndelete 54\ndelete 51\n');
  });
});

describe('the options of ipfw', () => {
  it.each([
    [{}, 'rule'],
    [{ rule: 0 }, 'rule'],
    [{ rule: 65_535 }, 'rule'],
    [{ rule: 50, table: -1 }, 'table'],
    [{ rule: 50, name: 'all of them' }, 'name'],
    [{ rule: 50, lastRule: 49 }, 'lastRule'],
    [{ rule: 50, lastRule: 60, table: 7 }, 'lastRule'],
  ])('refuse %j at %s', (given, path) => {
    const { error } = options.safeParse(given);

    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  it.each([
    [{ rule: 50 }, 'ipfw', 'remand'],
    [{ rule: 50, name: 'web' }, 'ipfw/web', 'remand-web'],
    [{ rule: 50, table: 7 }, 'ipfw', '7'],
  ])('of %j make the list %s, in the table %s', (given, key, table) => {
    const parsed = options.parse(given);

    const list = ipfw.listKey?.(parsed, 'sshd') ?? '';

    expect(list).toBe(key);
    expect(new Layout(list, parsed).table).toBe(table);
  });
});
