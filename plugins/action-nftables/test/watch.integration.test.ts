import { setTimeout as sleep } from 'node:timers/promises';
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
)('watch on the real nft', () => {
  let namespace: Namespace;
  let abort: AbortController;
  let told: string[];
  let action: NftablesAction;

  beforeEach(async () => {
    namespace = new Namespace();
    abort = new AbortController();
    told = [];
    action = new NftablesAction({
      list: 'nftables/sshd',
      options: options.parse({}),
      commands: namespace.commands,
      clock: realClock,
      logger: memoryLogger(),
    });
    await action.start(signal);
    await action.apply(
      ['198.51.100.1', '198.51.100.2', '2001:db8:0:1::/64'].map((target) => ({
        op: 'add',
        target,
        timeoutMs: 60_000,
      })),
      signal,
    );
    action.watch((what) => told.push(what), abort.signal);
    await sleep(300);
  });

  afterEach(async () => {
    abort.abort();
    await namespace.remove();
  });

  it('hears of one element, a whole set and the ruleset', async () => {
    namespace.nft('delete element inet remand ban-sshd-v4_32 { 198.51.100.1 }');
    await expect.poll(() => told.splice(0)).toEqual(['element deleted']);

    namespace.nft('flush', 'set', 'inet', 'remand', 'ban-sshd-v6_64');
    await expect.poll(() => told.splice(0)).toEqual(['element deleted']);

    namespace.nft('flush', 'ruleset');
    await expect.poll(() => told).toContain('table deleted');
  });

  it('does not hear itself extend, remove, start and grow', async () => {
    await action.apply(
      [
        { op: 'extend', target: '198.51.100.1', timeoutMs: 90_000 },
        { op: 'extend', target: '2001:db8:0:1::/64', timeoutMs: 90_000 },
        { op: 'remove', target: '198.51.100.2', timeoutMs: null },
        { op: 'add', target: '203.0.0.0/12', timeoutMs: 60_000 },
      ],
      signal,
    );
    await action.start(signal);
    await sleep(300);

    expect(told).toEqual([]);
  });

  it('hears somebody take out what it extended a moment before', async () => {
    await action.apply([{ op: 'extend', target: '198.51.100.1', timeoutMs: 90_000 }], signal);

    namespace.nft('delete element inet remand ban-sshd-v4_32 { 198.51.100.1 }');

    await expect.poll(() => told).toEqual(['element deleted']);
  });

  it('goes on hearing after somebody took its rules, which blinds a monitor of nft 1.0.6', async () => {
    namespace.nft('flush', 'chain', 'inet', 'remand', 'ban-sshd');
    // The monitor that was there before has gone by then.
    await sleep(1_500);
    told.splice(0);

    namespace.nft('flush', 'set', 'inet', 'remand', 'ban-sshd-v4_32');

    await expect.poll(() => told).toEqual(['element deleted', 'element deleted']);
  });

  it('finds a rule that was taken out while it was at work', async () => {
    const rules = namespace.nft('-a', 'list', 'chain', 'inet', 'remand', 'ban-sshd');
    const handle = /@ban-sshd-v6_64 drop # handle (\d+)/.exec(rules)?.[1] ?? '';
    await action.apply([{ op: 'remove', target: '198.51.100.2', timeoutMs: null }], signal);

    namespace.nft('delete', 'rule', 'inet', 'remand', 'ban-sshd', 'handle', handle);

    await expect.poll(() => told, { timeout: 6_000 }).toContain('the table is not whole');
  });
});
