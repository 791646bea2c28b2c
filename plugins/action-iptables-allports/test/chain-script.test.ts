import type { Target } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { chainScript } from '../src/chain-script.ts';
import { chainState } from '../src/chain-state.ts';
import { parseTable } from '../src/filter-table.ts';
import { Layout } from '../src/layout.ts';
import { options } from '../src/options.ts';

const layout = new Layout('iptables-allports/sshd', options.parse({}));
const jump = '-m comment --comment remand -j remand-sshd';

/** A table as iptables-save prints it, with the jumps in place. */
function saved(...rules: readonly string[]): string {
  return [
    '*filter',
    ':INPUT ACCEPT [1:2]',
    ':FORWARD ACCEPT [0:0]',
    ':remand-sshd - [0:0]',
    `-A INPUT ${jump}`,
    `-A FORWARD ${jump}`,
    ...rules.map((rule) => `-A remand-sshd ${rule}`),
    'COMMIT',
  ].join('\n');
}

const mark = '-m comment --comment remand';

function scriptFor(
  text: string,
  added: readonly Target[] = [],
  removed: readonly Target[] = [],
): readonly string[] {
  const state = chainState(parseTable(text), layout, 4);
  const given = { layout, family: 4, mode: 'rules' } as const;
  const script = chainScript(state, { ...given, added: new Set(added), removed: new Set(removed) });
  return script.split('\n').slice(1, -2);
}

describe(chainScript.name, () => {
  it.each([
    ['nothing', [], [], []],
    ['an add of what is there', ['198.51.100.1'], [], []],
    ['a removal of what is not', [], ['198.51.100.9'], []],
    [
      'a few changes, by rule',
      ['198.51.100.2', '203.0.113.0/24'],
      ['198.51.100.1'],
      [
        '-D remand-sshd -s 198.51.100.1/32 -j DROP',
        '-I remand-sshd 1 -s 198.51.100.2/32 -j DROP',
        '-I remand-sshd 1 -s 203.0.113.0/24 -j DROP',
      ],
    ],
  ])('does %s', (_what, added, removed, lines) => {
    expect(scriptFor(saved('-s 198.51.100.1/32 -j DROP', mark), added, removed)).toEqual(lines);
  });

  it('rebuilds the chain for many changes', () => {
    const many = Array.from({ length: 101 }, (_, n) => `198.18.0.${n}`);

    const lines = scriptFor(saved('-s 198.51.100.1/32 -j DROP', mark), many, ['198.51.100.1']);

    expect(lines).toHaveLength(103);
    expect(lines[0]).toBe(':remand-sshd - [0:0]');
    expect(lines.filter((line) => line.startsWith('-D'))).toEqual([]);
    expect(lines.join()).not.toContain('198.51.100.1/');
  });

  it.each([
    ['emptied', saved()],
    ['gone', '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\nCOMMIT\n'],
    ['of a table that was never used', ''],
  ])('makes a chain that is %s', (_what, text) => {
    const lines = scriptFor(text, ['198.51.100.1']);

    expect(lines.slice(0, 3)).toEqual([
      ':remand-sshd - [0:0]',
      '-A remand-sshd -s 198.51.100.1/32 -j DROP',
      `-A remand-sshd ${mark}`,
    ]);
    expect(lines.slice(3)).toEqual(
      text.includes(jump) ? [] : [`-I INPUT 1 ${jump}`, `-I FORWARD 1 ${jump}`],
    );
  });

  it('rebuilds a chain with an entry twice, or with another verdict', () => {
    const twice = ['-s 198.51.100.1/32 -j DROP', '-s 198.51.100.1/32 -j DROP', mark];
    const other = ['-s 198.51.100.1/32 -j REJECT --reject-with icmp-port-unreachable', mark];

    for (const rules of [twice, other]) {
      expect(scriptFor(saved(...rules))).toEqual([
        ':remand-sshd - [0:0]',
        '-A remand-sshd -s 198.51.100.1/32 -j DROP',
        `-A remand-sshd ${mark}`,
      ]);
    }
  });
});

describe(options.parse.name, () => {
  it.each([
    { name: 'Upper' },
    { name: 'a-name-of-twenty-one-x' },
    { target: 'ACCEPT' },
    { ports: [] },
    { ports: [0] },
    { ports: ['22-20'] },
    { ports: Array.from({ length: 16 }, (_, n) => n + 1) },
    { ports: ['1-2', '3-4', '5-6', '7-8', '9-10', '11-12', '13-14', '15-16'] },
    { variant: 'old' },
    { protocol: 'udp' },
    { chains: ['INPUT'] },
  ])('refuses %j', (given) => {
    expect(options.safeParse(given).success).toBe(false);
  });
});
