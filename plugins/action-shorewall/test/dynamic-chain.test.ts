import type { Change, Target } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { changeChain, targetsOf, verdictFor } from '../src/dynamic-chain.ts';
import { parseTable } from '../src/filter-table.ts';

const v4 = { family: 4, verdict: 'DROP' } as const;
const v6 = { family: 6, verdict: 'DROP' } as const;

const add = (target: Target): Change => ({ op: 'add', target, timeoutMs: null });
const extend = (target: Target): Change => ({ op: 'extend', target, timeoutMs: null });
const remove = (target: Target): Change => ({ op: 'remove', target, timeoutMs: null });
const rule = (source: string, verdict = 'DROP') => `-A dynamic -s ${source} -j ${verdict}`;

describe(changeChain, () => {
  it('writes what shorewall writes, at the end, and removes by the same rule', () => {
    const there = [rule('198.51.100.1/32'), rule('198.51.100.2/32')];

    const { script, rules } = changeChain(
      there,
      [add('203.0.113.0/24'), remove('198.51.100.1'), extend('198.51.100.3')],
      v4,
    );

    expect(script).toBe(
      [
        '*filter',
        '-D dynamic -s 198.51.100.1/32 -j DROP',
        '-A dynamic -s 203.0.113.0/24 -j DROP',
        '-A dynamic -s 198.51.100.3/32 -j DROP',
        'COMMIT',
        '',
      ].join('\n'),
    );
    expect(rules).toEqual([
      rule('198.51.100.2/32'),
      rule('203.0.113.0/24'),
      rule('198.51.100.3/32'),
    ]);
  });

  it('knows the widths of IPv6', () => {
    const { script } = changeChain(
      [rule('2001:db8:0:1::/64')],
      [add('2001:db8::1'), remove('2001:db8:0:1::/64')],
      v6,
    );

    expect(script).toContain('-D dynamic -s 2001:db8:0:1::/64 -j DROP\n');
    expect(script).toContain('-A dynamic -s 2001:db8::1/128 -j DROP\n');
  });

  it.each([
    ['an add of what is there', [add('198.51.100.1')]],
    ['a removal of what is gone', [remove('198.51.100.9')]],
    ['a removal after an add', [add('198.51.100.9'), remove('198.51.100.9')]],
    ['nothing', []],
  ])('has no script for %s', (_what, changes) => {
    expect(changeChain([rule('198.51.100.1/32')], changes, v4).script).toBe('');
  });

  it('takes one rule of several that are equal, so that the other stays', () => {
    const there = [rule('198.51.100.1/32'), rule('198.51.100.1/32')];

    const { script, rules } = changeChain(there, [remove('198.51.100.1')], v4);

    expect(script.match(/^-D/gm)).toHaveLength(1);
    expect(rules).toEqual([rule('198.51.100.1/32')]);
  });

  it('takes the verdict of today first, and one of before if there is no other', () => {
    const [logdrop, drop] = [rule('198.51.100.1/32', 'logdrop'), rule('198.51.100.1/32')];
    const left = (there: readonly string[], verdict: 'DROP' | 'logdrop') =>
      changeChain(there, [remove('198.51.100.1')], { family: 4, verdict }).rules;

    expect(left([logdrop, drop], 'DROP')).toEqual([logdrop]);
    expect(left([logdrop, drop], 'logdrop')).toEqual([drop]);
    expect(left([logdrop], 'DROP')).toEqual([]);
  });

  it('leaves every rule that is no entry as it is', () => {
    const there = [
      '-A dynamic -s 198.51.100.1/32 -j ACCEPT',
      '-A dynamic -s 198.51.100.1/32 -p tcp -m tcp --dport 22 -j DROP',
      '-A dynamic -d 198.51.100.1/32 -j DROP',
      '-A dynamic -s 198.51.100.1/32 -j logdropped',
    ];

    expect(changeChain(there, [remove('198.51.100.1')], v4).script).toBe('');
    expect([...targetsOf(there, 4)]).toEqual([]);
  });

  it('deletes in the order of the chain, whatever the order of the changes', () => {
    const targets = ['198.51.100.1', '198.51.100.2', '198.51.100.3'];
    const there = targets.map((target) => rule(`${target}/32`));

    const { script } = changeChain(there, targets.toReversed().map(remove), v4);

    expect(script.match(/100\.[0-9]/g)).toEqual(['100.1', '100.2', '100.3']);
  });
});

describe(targetsOf, () => {
  it('lists what any of the commands of shorewall entered, each once', () => {
    const there = [
      rule('198.51.100.1/32'),
      rule('198.51.100.1/32', 'logdrop'),
      rule('198.51.100.2/32', 'reject'),
      rule('203.0.113.0/24', 'logreject'),
    ];

    expect([...targetsOf(there, 4)]).toEqual(['198.51.100.1', '198.51.100.2', '203.0.113.0/24']);
    expect([...targetsOf([rule('2001:db8::1/128')], 6)]).toEqual(['2001:db8::1']);
  });
});

describe(verdictFor, () => {
  const table = (...chains: readonly string[]) =>
    parseTable(chains.map((chain) => `:${chain} - [0:0]\n`).join(''));

  it.each([
    ['drop', table('dynamic'), 'DROP'],
    ['logdrop', table('dynamic', 'logdrop'), 'logdrop'],
    ['reject', table('dynamic', 'reject', 'logreject'), 'reject'],
    ['reject', table('dynamic', 'logreject'), 'logreject'],
  ] as const)('is of %s, where there are such chains, %#', (block, chains, verdict) => {
    expect(verdictFor(block, chains)).toBe(verdict);
  });
});

describe(parseTable, () => {
  it('sees whether shorewall runs, its chain and the sets that rules use', () => {
    const table = parseTable(
      [
        '*filter',
        ':INPUT DROP [0:0]',
        ':shorewall - [0:0]',
        ':dynamic - [0:0]',
        rule('198.51.100.1/32'),
        '-A eth0_in -m conntrack --ctstate NEW -m set --match-set SW_DBL4 src -j DROP',
        '-A eth0_out -m set --match-set other dst -j DROP',
        'COMMIT',
      ].join('\n'),
    );

    expect(table.isRunning).toBe(true);
    expect(table.dynamic).toEqual([rule('198.51.100.1/32')]);
    expect([...table.sets]).toEqual(['SW_DBL4']);
  });

  it('reads ::1.2.3.4, as inet_ntop prints it, as the target that it is', () => {
    const { dynamic } = parseTable(`:dynamic - [0:0]\n${rule('::1.2.3.4/128')}\n`);

    expect(dynamic).toEqual([rule('::102:304/128')]);
  });

  it('is not taken in by a firewall of somebody else', () => {
    expect(parseTable('*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n')).toMatchObject({
      isRunning: false,
      dynamic: undefined,
    });
  });
});
