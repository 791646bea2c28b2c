import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, type ListedEntry } from '@remand/api';
import { memoryLogger } from '@remand/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Namespace, realClock } from '../../../test/support/namespace.ts';
import { needs } from '../../../test/support/needs.ts';
import { NftablesAction } from '../src/nftables-action.ts';
import { options } from '../src/options.ts';

const signal = AbortSignal.timeout(600_000);

needs(
  'root',
  'ip',
  'nft',
)('NftablesAction on the real nft', () => {
  let namespace: Namespace;

  beforeEach(() => {
    namespace = new Namespace();
  });

  afterEach(() => namespace.remove());

  const nft = (...args: readonly string[]) => namespace.nft(...args);

  function action(list = 'nftables/sshd', given: unknown = {}): NftablesAction {
    return new NftablesAction({
      list,
      options: options.parse(given),
      commands: namespace.commands,
      clock: realClock,
      logger: memoryLogger(),
    });
  }

  async function entriesOf(one: NftablesAction): Promise<Map<string, number | null>> {
    const listing = await one.list(signal);
    if (listing.state !== 'known') throw new Error(JSON.stringify(listing));
    return new Map(listing.entries.map((entry: ListedEntry) => [entry.target, entry.remainingMs]));
  }

  it('adds, extends, shortens, removes, and lists what it did', async () => {
    const one = action();
    await one.start(signal);
    await one.apply(
      [
        { op: 'add', target: '198.51.100.1', timeoutMs: 60_000 },
        { op: 'add', target: '2001:db8:1::/64', timeoutMs: 60_000 },
        { op: 'add', target: '203.0.113.0/24', timeoutMs: null },
        { op: 'add', target: '198.51.100.9', timeoutMs: 60_000 },
      ],
      signal,
    );

    await one.apply(
      [
        { op: 'extend', target: '198.51.100.1', timeoutMs: 7_200_000 },
        { op: 'extend', target: '2001:db8:1::/64', timeoutMs: 5_000 },
        { op: 'remove', target: '198.51.100.9', timeoutMs: null },
        { op: 'remove', target: '198.51.100.77', timeoutMs: null },
      ],
      signal,
    );

    const entries = await entriesOf(one);
    expect([...entries.keys()].sort()).toEqual([
      '198.51.100.1',
      '2001:db8:1::/64',
      '203.0.113.0/24',
    ]);
    expect(entries.get('198.51.100.1')).toBeGreaterThan(7_190_000);
    expect(entries.get('2001:db8:1::/64')).toBeLessThanOrEqual(5_000);
    expect(entries.get('203.0.113.0/24')).toBeNull();
  });

  it.each([
    ['prerouting', 'input'],
    ['forward', 'prerouting'],
  ])('moves from the hook %s to %s and keeps what it holds', async (before, after) => {
    const old = action('nftables/sshd', { hook: before });
    await old.start(signal);
    await old.apply([{ op: 'add', target: '198.51.100.1', timeoutMs: 60_000 }], signal);

    const one = action('nftables/sshd', { hook: after, ports: [22] });
    await one.start(signal);

    expect([...(await entriesOf(one)).keys()]).toEqual(['198.51.100.1']);
    const chain = nft('list', 'chain', 'inet', 'remand', 'ban-sshd');
    expect(chain).toContain(`hook ${after} `);
    expect(chain.match(/dport 22 drop/g)).toHaveLength(3);
  });

  it('lets entries end by themselves and removes one that has just ended', async () => {
    const one = action();
    await one.start(signal);
    await one.apply([{ op: 'add', target: '198.51.100.1', timeoutMs: 900 }], signal);
    await sleep(2_000);

    expect((await entriesOf(one)).size).toBe(0);
    await one.apply([{ op: 'remove', target: '198.51.100.1', timeoutMs: null }], signal);
  });

  it('keeps entries over a second start, also one with other rules', async () => {
    await action().start(signal);
    await action().apply([{ op: 'add', target: '203.0.113.0/24', timeoutMs: 60_000 }], signal);

    const again = action('nftables/sshd', { ports: [22] });
    await again.start(signal);

    expect([...(await entriesOf(again)).keys()]).toEqual(['203.0.113.0/24']);
    const rules = nft('list', 'chain', 'inet', 'remand', 'ban-sshd');
    expect(rules.match(/tcp dport 22 drop/g)).toHaveLength(4);
    expect(rules).not.toMatch(/_32 drop/);
  });

  it('makes everything again after the ruleset was flushed, when asked or when applying', async () => {
    const one = action();
    await one.start(signal);
    await one.apply([{ op: 'add', target: '198.51.100.1', timeoutMs: 60_000 }], signal);

    nft('flush', 'ruleset');
    expect((await entriesOf(one)).size).toBe(0);
    nft('flush', 'ruleset');
    await one.apply([{ op: 'add', target: '198.51.100.2', timeoutMs: 60_000 }], signal);

    expect([...(await entriesOf(one)).keys()]).toEqual(['198.51.100.2']);
  });

  it('notices a chain that was emptied, although its sets are whole', async () => {
    const one = action();
    await one.start(signal);

    nft('flush', 'chain', 'inet', 'remand', 'ban-sshd');
    await one.list(signal);

    expect(nft('list', 'chain', 'inet', 'remand', 'ban-sshd')).toContain('@ban-sshd-v4_32 drop');
  });

  it('flushes its own list and leaves another, and the table when it is the last', async () => {
    const [one, other] = [action('nftables/sshd'), action('nftables/web')];
    await one.start(signal);
    await other.start(signal);
    await other.apply([{ op: 'add', target: '198.51.100.1', timeoutMs: 60_000 }], signal);

    await one.flush(signal);
    expect((await entriesOf(other)).size).toBe(1);

    await other.flush(signal);
    expect(nft('list', 'ruleset')).toBe('');
    await other.flush(signal);
  });

  it('makes a set for a width that it has not seen, and blocks by it', async () => {
    const one = action();
    await one.start(signal);

    await one.apply([{ op: 'add', target: '203.0.0.0/12', timeoutMs: 60_000 }], signal);

    const rules = nft('list', 'chain', 'inet', 'remand', 'ban-sshd');
    expect(rules).toContain('ip saddr & 255.240.0.0 == @ban-sshd-v4_12 drop');
    expect(rules.match(/@ban-sshd/g)).toHaveLength(4);
    expect([...(await entriesOf(one)).keys()]).toEqual(['203.0.0.0/12']);
  });

  it('takes the longest timeout that it says it takes', async () => {
    const one = action();
    await one.start(signal);
    const timeoutMs = one.limits.maxTimeoutMs;

    await one.apply([{ op: 'add', target: '198.51.100.1', timeoutMs }], signal);

    expect((await entriesOf(one)).get('198.51.100.1')).toBeGreaterThan(timeoutMs - 10_000);
  });

  it('flushes what somebody has left of it', async () => {
    const one = action();
    await one.start(signal);
    nft('delete', 'chain', 'inet', 'remand', 'ban-sshd');

    await one.flush(signal);

    expect(nft('list', 'ruleset')).toBe('');
  });

  it('throws for a batch that nft refuses, and applies none of it', async () => {
    const one = action();
    await one.start(signal);
    const batch = [
      { op: 'add', target: '198.51.100.1', timeoutMs: 60_000 },
      { op: 'add', target: '198.51.100.2', timeoutMs: 1e20 },
    ] as const;

    await expect(one.apply(batch, signal)).rejects.toBeInstanceOf(CommandError);
    expect((await entriesOf(one)).size).toBe(0);
  });

  it('takes ten thousand entries in one batch', async () => {
    const one = action();
    await one.start(signal);
    const targets = Array.from({ length: 10_000 }, (_, n) => `198.18.${n >> 8}.${n & 255}`);

    await one.apply(
      targets.map((target) => ({ op: 'add', target, timeoutMs: 3_600_000 })),
      signal,
    );

    expect((await entriesOf(one)).size).toBe(10_000);
  });
});
