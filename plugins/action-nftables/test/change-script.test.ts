import type { Change } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { changeScript } from '../src/change-script.ts';
import { Layout, usualSets } from '../src/layout.ts';
import { options } from '../src/options.ts';
import { parseNftTime, parseSet, parseSetJson } from '../src/parse-set.ts';

const layout = (given: unknown = {}) => new Layout('nftables/sshd', options.parse(given));
const change = (op: Change['op'], target: string, timeoutMs: number | null = null): Change => ({
  op,
  target,
  timeoutMs,
});

describe(changeScript, () => {
  it('extends by add, delete, add: an add alone would keep the old timeout before Linux 6.12', () => {
    expect(changeScript([change('extend', '192.0.2.1', 1500)], layout())).toBe(
      [
        'add element inet remand ban-sshd-v4_32 { 192.0.2.1 }',
        'delete element inet remand ban-sshd-v4_32 { 192.0.2.1 }',
        'add element inet remand ban-sshd-v4_32 { 192.0.2.1 timeout 2s }',
        '',
      ].join('\n'),
    );
  });

  it('removes by add, delete: a delete of what expired a moment ago would fail the batch', () => {
    expect(changeScript([change('remove', '2001:db8::/64')], layout())).toBe(
      [
        'add element inet remand ban-sshd-v6_64 { 2001:db8:: }',
        'delete element inet remand ban-sshd-v6_64 { 2001:db8:: }',
        '',
      ].join('\n'),
    );
  });

  it('puts all adds of a set in one statement and rounds timeouts up', () => {
    const batch = [
      change('add', '192.0.2.1', 1),
      change('add', '192.0.2.2', 60_001),
      change('add', '192.0.2.3'),
    ];

    expect(changeScript(batch, layout())).toBe(
      'add element inet remand ban-sshd-v4_32 { 192.0.2.1 timeout 1s, 192.0.2.2 timeout 61s, 192.0.2.3 }\n',
    );
  });

  it('writes years in days: nft reads no number of nine digits', () => {
    const batch = [change('add', '192.0.2.1', 99_999_999_000), change('add', '192.0.2.2', 1e11)];

    expect(changeScript(batch, layout())).toContain(
      '{ 192.0.2.1 timeout 99999999s, 192.0.2.2 timeout 1157d35200s }',
    );
  });

  it.each([
    '1.2.3.4; flush ruleset',
    '1.2.3.4 }',
    'x',
    '',
    '1.2.3.4\nadd',
    'fed.de',
    'a.b',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.4/33',
    '1.2.3.4/x',
    '0.0.0.0/0',
    '::/0',
    ':::',
    'fe80::1%eth0',
    '2001:DB8::1',
  ])('lets nothing but an address into a script: %j', (target) => {
    expect(() => changeScript([change('add', target)], layout())).toThrow(/no canonical address/);
  });
});

describe(Layout, () => {
  it('matches whole addresses plainly and networks by their mask', () => {
    const script = layout().make([...usualSets, { family: 4, prefix: 20 }]);

    expect(script).toContain('ip saddr @ban-sshd-v4_32 drop');
    expect(script).toContain('ip6 saddr & ffff:ffff:ffff:ffff:0:0:0:0 @ban-sshd-v6_64 drop');
    expect(script).toContain('ip saddr & 255.255.240.0 @ban-sshd-v4_20 drop');
  });

  it('keeps to the ports it was given, for each protocol', () => {
    const script = layout({ ports: [22, '80-90'], protocol: 'both', block: 'reject' }).make([
      { family: 4, prefix: 32 },
    ]);

    expect(script).toContain('@ban-sshd-v4_32 tcp dport { 22, 80-90 } reject with tcp reset');
    expect(script).toContain('@ban-sshd-v4_32 udp dport { 22, 80-90 } reject\n');
  });

  it('knows its own sets from those of a list with a longer name', () => {
    expect(layout().placeOf('ban-sshd-v6_64')).toEqual({ family: 6, prefix: 64 });
    expect(layout().placeOf('ban-sshd-v2-v4_32')).toBeUndefined();
  });

  it.each([{ ports: [0] }, { ports: ['90-80'] }, { ports: ['1-70000'] }, { ports: [] }, { x: 1 }])(
    'refuses the options %j',
    (given) => {
      expect(options.safeParse(given).success).toBe(false);
    },
  );
});

describe(parseSet, () => {
  it('reads addresses with and without a timeout', () => {
    const listing = `table inet remand {
\tset ban-sshd-v4_32 {
\t\ttype ipv4_addr
\t\tflags timeout
\t\telements = { 192.0.2.1 timeout 1h expires 59m59s960ms, 192.0.2.2,
\t\t\t     192.0.2.3 timeout 1d expires 2h }
\t}
}`;

    expect(parseSet(listing, { family: 4, prefix: 32 })).toEqual([
      { target: '192.0.2.1', remainingMs: 3_599_960 },
      { target: '192.0.2.2', remainingMs: null },
      { target: '192.0.2.3', remainingMs: 7_200_000 },
    ]);
    expect(parseSet('\t\telements = { 2001:db8:: expires 1s }', { family: 6, prefix: 64 })).toEqual(
      [{ target: '2001:db8::/64', remainingMs: 1000 }],
    );
    expect(parseSet('\t\tflags timeout', { family: 4, prefix: 32 })).toEqual([]);
  });

  it('reads the same from JSON, where times are cut to seconds', () => {
    const json = JSON.stringify({
      nftables: [
        { metainfo: { version: '1.0.6' } },
        { set: { elem: ['192.0.2.2', { elem: { val: '192.0.2.1', timeout: 60, expires: 59 } }] } },
      ],
    });

    expect(parseSetJson(json, { family: 4, prefix: 32 })).toEqual([
      { target: '192.0.2.2', remainingMs: null },
      { target: '192.0.2.1', remainingMs: 59_500 },
    ]);
    expect(parseSetJson('{"nftables":[{"set":{}}]}', { family: 6, prefix: 64 })).toEqual([]);
  });

  it('reads every unit', () => {
    expect(parseNftTime('1d2h3m4s5ms')).toBe(86_400_000 + 7_200_000 + 180_000 + 4_005);
  });
});
