import { FakeClock, memoryLogger } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { parseRange } from '../../src/address/parse-target.ts';
import { peersOf } from '../../src/never-ban/login-peers.ts';
import { NeverBanSet } from '../../src/never-ban/never-ban-set.ts';

function range(text: string) {
  const parsed = parseRange(text);
  if (!parsed) throw new Error(text);
  return parsed;
}

function setOf(given: {
  configured?: string[];
  own?: string[];
  resolve?: () => Promise<string[]>;
}) {
  return new NeverBanSet({
    configured: given.configured ?? [],
    machine: {
      protectedAddresses: async () =>
        (given.own ?? []).map((address) => ({ address, why: 'an address of this machine' })),
      resolve: given.resolve ?? (async () => []),
    },
    clock: new FakeClock(),
    logger: memoryLogger(),
  });
}

describe(NeverBanSet, () => {
  it('protects loopback without being told', () => {
    expect(setOf({}).covering(range('127.3.2.1'))).toBeDefined();
    expect(setOf({}).covering(range('::1'))).toBeDefined();
    expect(setOf({}).covering(range('192.0.2.1'))).toBeUndefined();
  });

  it('protects what the machine has once it was looked at', async () => {
    const set = setOf({ own: ['192.0.2.7'] });

    expect(await set.refresh()).toBe(true);

    expect(set.covering(range('192.0.2.7'))?.why).toBe('an address of this machine');
    expect(set.touching(range('192.0.2.0/24'))).toBeDefined();
    expect(await set.refresh()).toBe(false);
  });

  it('keeps the last good answers of a name that cannot be resolved any more', async () => {
    let works = true;
    const set = setOf({
      configured: ['office.example.org'],
      resolve: async () => {
        if (!works) throw new Error('SERVFAIL');
        return ['192.0.2.9'];
      },
    });
    await set.refresh();
    works = false;

    await set.refresh();

    expect(set.covering(range('192.0.2.9'))).toBeDefined();
    expect(set.problems[0]).toMatch(/office\.example\.org.*SERVFAIL.*last answers are kept/);
  });

  it('forgets an allow when it ends', () => {
    const set = setOf({});
    set.setAllowed([{ target: '192.0.2.1', until: 1000 }]);
    expect(set.covering(range('192.0.2.1'))).toBeDefined();

    expect(set.expireAllowed(1000)).toBe(true);

    expect(set.covering(range('192.0.2.1'))).toBeUndefined();
  });

  it('raises its version when its answers change', () => {
    const set = setOf({});
    const before = set.version;

    set.setAllowed([{ target: '192.0.2.1', until: null }]);

    expect(set.version).toBeGreaterThan(before);
  });
});

describe(peersOf, () => {
  it('reads the peers of user sessions from utmp records', () => {
    const record = (type: number, address: number[]) => {
      const bytes = new Uint8Array(384);
      new DataView(bytes.buffer).setInt16(0, type, true);
      bytes.set(address, 348);
      return [...bytes];
    };
    const v6 = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5];
    const utmp = Uint8Array.from([
      ...record(7, [192, 0, 2, 1]),
      ...record(8, [192, 0, 2, 2]),
      ...record(7, []),
      ...record(7, v6),
      1,
      2,
    ]);

    expect(peersOf(utmp)).toEqual(['192.0.2.1', '2001:db8:0:0:0:0:0:5']);
  });
});
