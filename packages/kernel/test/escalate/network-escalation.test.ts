import type { NetworkConfig } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { NetworkEscalation } from '../../src/escalate/network-escalation.ts';
import { jail, KernelRig, use } from '../kernel-rig.ts';

const hour = 3_600_000;
const range = '198.51.100.0/24';

function network(given: Partial<NetworkConfig> = {}): NetworkConfig {
  return {
    ...{ after: 3, withinMs: 6 * hour, banTimeMs: hour, path: ['network'] },
    prefixes: { v4: [24], v6: [56, 48] },
    ...given,
  };
}

const v4 = (host: number) => `198.51.100.${host}`;

async function ban(rig: KernelRig, ...addresses: readonly string[]): Promise<void> {
  for (const address of addresses) await rig.abuse(address, 3);
}

async function rangesOf(rig: KernelRig): Promise<readonly string[]> {
  const bans = await rig.control.bans({});
  return bans
    .filter(({ holds }) => holds.some(({ holder }) => holder === 'network'))
    .map(({ address }) => address);
}

describe(NetworkEscalation.name, () => {
  it('bans the range of enough distinct addresses, on the lists of the jail', async () => {
    const rig = new KernelRig();
    await rig.start({ network: network() });
    await ban(rig, v4(1), v4(2));
    expect(await rangesOf(rig)).toEqual([]);

    await ban(rig, v4(3));

    expect(await rangesOf(rig)).toEqual([range]);
    expect(rig.memory.list('memory/ssh').targets).toContain(range);
    const { events, holds } = await rig.control.why({ address: range });
    expect(events.slice(0, 2)).toMatchObject([
      { kind: 'escalate', holder: 'network', counted: 3, via: 'ssh' },
      { kind: 'ban', holder: 'network', reason: '3 addresses of it banned within 6h' },
    ]);
    expect(holds).toMatchObject([{ holder: 'network', lists: [{ enforced: true }] }]);
    await rig.pass(hour + 2_000);
    expect(await rangesOf(rig)).toEqual([]);
    expect(rig.memory.list('memory/ssh').targets).toEqual([]);
  });

  it('does not count one address that comes back, nor one outside its window', async () => {
    const rig = new KernelRig();
    await rig.start({ network: network({ withinMs: 10 * 60_000 }) });
    for (let round = 0; round < 4; round++) {
      await ban(rig, v4(1));
      await rig.pass(62_000);
    }
    await ban(rig, v4(2));
    await rig.pass(9 * 60_000);

    await ban(rig, v4(3));
    expect(await rangesOf(rig)).toEqual([]);
    await ban(rig, v4(4));
    expect(await rangesOf(rig)).toEqual([range]);
  });

  it('does not ban twice an address inside', async () => {
    const rig = new KernelRig();
    await rig.start({ network: network(), jails: [jail({ name: 'ssh' })] });
    await ban(rig, v4(1), v4(2), v4(3));
    const before = await rig.jail();

    await ban(rig, v4(4));

    const { live, holds, events } = await rig.control.why({ address: v4(4) });
    expect({ live, holds }).toMatchObject({ live: true, holds: [{ holder: 'network', range }] });
    expect(events[0]).toMatchObject({ kind: 'escalate', range });
    expect((await rig.jail()).banned).toBe(before.banned);
    expect((await rig.jail()).ignored.seenWhileBanned).toBe(3);
    await rig.pass(hour);
    await ban(rig, v4(4));
    expect((await rig.jail()).banned).toBe(before.banned + 1);
  });

  it('lets a jail ban on that has lists where the range is not', async () => {
    const rig = new KernelRig();
    const jails = [jail({ name: 'ssh' }), jail({ name: 'web', maxRetry: 4 })];
    await rig.start({ network: network(), jails });
    await ban(rig, v4(1), v4(2), v4(3));

    await rig.abuse(v4(4), 4);

    expect(rig.memory.list('memory/ssh').targets).not.toContain(v4(4));
    expect(rig.memory.list('memory/web').targets).toContain(v4(4));
  });

  it('keeps what observes away from what is enforced', async () => {
    const rig = new KernelRig();
    const jails = [
      jail({ name: 'ssh', maxRetry: 3 }),
      jail({ name: 'looks', maxRetry: 2, observe: true }),
    ];
    await rig.start({ network: network(), jails });
    for (const host of [1, 2, 3]) await rig.abuse(v4(host), 2);
    const observed = await rig.control.why({ address: range });
    expect(observed.events).toMatchObject([{ observed: true }, { observed: true }]);
    expect(rig.memory.list('memory/ssh').targets).toEqual([]);

    await ban(rig, v4(4), v4(5), v4(6));

    expect(rig.memory.list('memory/ssh').targets).toContain(range);
  });

  it('refuses a range that holds somebody who is never banned, once, and says why', async () => {
    const rig = new KernelRig();
    await rig.start({ network: network(), neverBan: [v4(77)] });
    await ban(rig, ...[1, 2, 3, 4, 5, 6, 7, 8].map(v4));

    expect(await rangesOf(rig)).toEqual([]);
    expect((await rig.control.why({ address: range })).events).toMatchObject([
      {
        kind: 'escalate',
        refused: true,
        reason: `refused: it holds ${v4(77)}, never banned: neverBan of the configuration`,
      },
    ]);
    expect((await rig.control.status({})).network).toMatchObject({ banned: 0, refused: 1 });
    expect(rig.logger.fieldsOf('range-refused')).toHaveLength(1);
  });

  it.each([
    [['203.0.113.5'], ['203.0.113.0/24 holds 203.0.113.5']],
    [['203.0.113.0/28', '203.0.113.200'], ['203.0.113.0/24 holds 203.0.113.0/28']],
    [['2001:db8:1:2::5'], ['2001:db8:1::/56 and 2001:db8:1::/48 hold 2001:db8:1:2::5']],
    [['10.0.0.0/8', '127.0.0.1', 'fe80::1'], []],
  ])('says at the start that ranges around %j can never be banned', async (neverBan, ranges) => {
    const rig = new KernelRig();
    await rig.start({ network: network(), neverBan });

    const why = '(neverBan of the configuration) and will never be banned as a range';
    expect(rig.logger.fieldsOf('range-never-banned')).toEqual(
      ranges.map((one) => ({ reason: `network: ${one} ${why}` })),
    );
  });

  it('bans no range past the fuse, and counts everything after it', async () => {
    const rig = new KernelRig();
    await rig.start({ network: network(), fuse: { bans: 1, withinMs: 60_000 } });
    await ban(rig, v4(1), v4(2), v4(3));
    expect(await rangesOf(rig)).toEqual([]);
    await rig.control.resetFuse({});

    await ban(rig, v4(4));
    expect(await rangesOf(rig)).toEqual([range]);
  });

  it('goes from /64s to a /56, and from those to a /48', async () => {
    const rig = new KernelRig();
    await rig.start({ network: network() });
    const v6 = (net: string, host: number) => `2001:db8:1:${net}${host}::5`;
    await ban(rig, v6('a0', 1), v6('a0', 2), v6('a0', 3));
    expect(await rangesOf(rig)).toEqual(['2001:db8:1:a00::/56']);

    await ban(rig, v6('b0', 1));
    expect(await rangesOf(rig)).not.toContain('2001:db8:1::/48');

    await ban(rig, v6('c0', 2));

    expect(await rangesOf(rig)).toContain('2001:db8:1::/48');
    expect((await rig.control.why({ address: '2001:db8:1::/48' })).events[0]).toMatchObject({
      counted: 3,
      reason: '2 addresses and 1 range of it banned within 6h',
    });
  });

  it('counts a banned range once for the wider one, also when its hold is over', async () => {
    const rig = new KernelRig();
    const prefixes = { v4: [28, 24], v6: [] };
    await rig.start({ network: network({ prefixes, banTimeMs: 60_000, after: 4 }) });
    await ban(rig, v4(1), v4(2), v4(3), v4(4));
    expect(await rangesOf(rig)).toEqual(['198.51.100.0/28']);
    await rig.pass(62_000);

    await ban(rig, v4(1), v4(2), v4(3));
    await ban(rig, v4(101), v4(102));
    expect(await rangesOf(rig)).toEqual([]);

    await ban(rig, v4(103));
    expect(await rangesOf(rig)).toEqual([range]);
  });

  it('does not take a range that was only observed for one that is banned', async () => {
    const rig = new KernelRig();
    const jails = [jail({ name: 'ssh' }), jail({ name: 'looks', maxRetry: 2, observe: true })];
    const prefixes = { v4: [28, 24], v6: [] };
    await rig.start({ jails, network: network({ prefixes, after: 4 }) });
    for (const host of [1, 2, 3, 4]) await rig.abuse(v4(host), 2);
    expect(await rangesOf(rig)).toEqual(['198.51.100.0/28']);

    await ban(rig, v4(5), v4(6), v4(7));
    await ban(rig, v4(101));

    expect(rig.memory.list('memory/ssh').targets).toContain(range);
  });

  it('has lists of its own if it is given actions', async () => {
    const rig = new KernelRig();
    await rig.start({ network: network({ actions: [use('memory')] }) });
    await ban(rig, v4(1), v4(2), v4(3));

    expect(rig.memory.list('memory/network').targets).toEqual([range]);
    expect(rig.memory.list('memory/ssh').targets).not.toContain(range);
  });

  it('counts on after a restart, and again what was lifted as a mistake', async () => {
    const rig = new KernelRig();
    const stateFolder = await rig.folder();
    const first = await rig.start({ network: network() }, { stateFolder });
    await ban(rig, v4(1), v4(2));
    await first.stop();
    await rig.start({ network: network() }, { stateFolder });
    await rig.control.unban({ address: v4(1), mistake: true });

    await ban(rig, v4(3));
    expect(await rangesOf(rig)).toEqual([]);
    await ban(rig, v4(4));
    expect(await rangesOf(rig)).toEqual([range]);

    const inside = await rig.control.unban({ address: v4(9) });
    expect(inside).toEqual({ address: v4(9), lifted: [], insideRange: range });
    const own = await rig.control.unban({ address: v4(3) });
    expect(own).toMatchObject({ lifted: [{ holder: 'ssh' }], insideRange: range });
    await rig.control.unban({ address: range, holder: 'network' });
    expect(await rangesOf(rig)).toEqual([]);
  });
});
