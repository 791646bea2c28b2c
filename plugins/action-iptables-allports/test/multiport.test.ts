import { FakeClock, memoryLogger, RecordingCommandRunner } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { chainScript } from '../src/chain-script.ts';
import { chainState } from '../src/chain-state.ts';
import { parseTable } from '../src/filter-table.ts';
import allports, { iptablesMultiport } from '../src/index.ts';
import { Layout } from '../src/layout.ts';
import { multiportOptions, options } from '../src/options.ts';

const mark = '-m comment --comment remand';
const services = [new RecordingCommandRunner(), new FakeClock(), memoryLogger()] as const;

describe('iptables-multiport', () => {
  it.each([
    [{}, 'ports'],
    [{ ports: [] }, 'ports'],
    [{ ports: Array.from({ length: 16 }, (_, n) => n + 1) }, 'ports'],
    [{ ports: [...Array.from({ length: 14 }, (_, n) => n + 1), '6000-6010'] }, 'ports'],
    [{ ports: [0] }, 'ports.0'],
    [{ ports: ['6010-6000'] }, 'ports.0'],
    [{ ports: [22], protocol: 'icmp' }, 'protocol'],
  ])('refuses %j at %s', (given, path) => {
    const { error } = multiportOptions.safeParse(given);

    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  it('takes fifteen ports, and means tcp', () => {
    const ports = Array.from({ length: 15 }, (_, n) => n + 1);

    expect(multiportOptions.parse({ ports })).toMatchObject({ ports, protocol: 'tcp' });
  });

  it('has a list and a chain of its own beside those of iptables-allports', () => {
    const given = multiportOptions.parse({ ports: [22] });
    const [one, other] = [
      allports.listKey?.(options.parse({}), 'a'.repeat(20)) ?? '',
      iptablesMultiport.listKey?.(given, 'a'.repeat(20)) ?? '',
    ];

    const chains = [new Layout(one, options.parse({})).chain, new Layout(other, given).chain];

    expect([one, other]).toEqual([
      `iptables-allports/${'a'.repeat(20)}`,
      `iptables-multiport/${'a'.repeat(20)}`,
    ]);
    expect(new Set(chains).size).toBe(2);
    expect(chains.every((chain) => chain.length <= 28)).toBe(true);
    expect(() =>
      iptablesMultiport.create({ list: other, options: given }, ...services),
    ).not.toThrow();
  });

  it('sends its ports to its chain, and shares the first places with iptables-allports', () => {
    const layout = new Layout(
      'iptables-multiport/sshd',
      multiportOptions.parse({ ports: [22, 80] }),
    );
    const jump = `-p tcp -m multiport --dports 22,80 ${mark} -j remandp-sshd`;
    const allJump = `${mark} -j remand-sshd`;
    const table = [
      ...[':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':remand-sshd - [0:0]'],
      ':remandp-sshd - [0:0]',
      ...[`-A INPUT ${allJump}`, `-A INPUT ${jump}`, `-A FORWARD ${jump}`, `-A FORWARD ${allJump}`],
      `-A remandp-sshd ${mark}`,
    ].join('\n');
    const wanted = {
      family: 4,
      mode: 'rules',
      added: new Set<string>(),
      removed: new Set<string>(),
    } as const;
    const scripts = [layout, new Layout('iptables-allports/sshd', options.parse({}))].map((one) =>
      chainScript(chainState(parseTable(table), one, 4), { ...wanted, layout: one }),
    );

    expect(layout.jumps).toEqual([jump]);
    expect(scripts[0]).toBe('');
    expect(scripts[1]).not.toContain('INPUT');
  });
});
