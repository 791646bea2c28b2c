import type { JailConfig } from '@remand/api';
import { settle } from '@remand/testkit';
import { describe, expect, it, vi } from 'vitest';
import { AddressRecord } from '../../src/escalate/address-record.ts';
import { banTime } from '../../src/escalate/ban-time.ts';
import { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { jail, KernelRig, kernelConfig } from '../kernel-rig.ts';
import { problemsOf } from '../plugins/loading.ts';

const minute = 60_000;
const attacker = '198.51.100.1';

const growth = { factor: 2, maxMs: 10 * minute, forgetAfterMs: 60 * minute, jitter: 0 };
const growing = (given: Partial<JailConfig['banGrowth']> = {}) => ({
  banTimeMs: minute,
  banGrowth: { ...growth, ...given },
});

describe(banTime.name, () => {
  it.each([
    [growing(), [1, 2, 4, 8, 10, 10]],
    [growing({ factor: 1 }), [1, 1, 1]],
    [growing({ factor: 1.5 }), [1, 1.5, 2.25]],
    [{ banTimeMs: minute }, [1, 1, 1]],
  ])('grows by %j', (jailTimes, minutes) => {
    expect(minutes.map((_, index) => banTime(jailTimes, attacker, index + 1))).toEqual(
      minutes.map((one) => one * minute),
    );
  });

  it('ends at its longest, however many bans there were, and lasts for ever if it always did', () => {
    expect(banTime(growing({ factor: 100 }), attacker, 1e6)).toBe(10 * minute);
    expect(banTime({ ...growing(), banTimeMs: null }, attacker, 9)).toBeNull();
  });

  it('is longer by a part of the jitter that is the same each time, and spread evenly', () => {
    const times = growing({ jitter: 0.1, maxMs: 1000 * minute });
    const all = Array.from({ length: 1000 }, (_, n) => banTime(times, `198.51.100.${n}`, 1) ?? 0);

    expect(all).toEqual(all.map((_, n) => banTime(times, `198.51.100.${n}`, 1)));
    expect(Math.min(...all)).toBeGreaterThanOrEqual(minute);
    expect(Math.max(...all)).toBeLessThanOrEqual(1.1 * minute);
    const tenths = new Set(all.map((ms) => Math.floor((ms - minute) / 600)));
    expect([...tenths].filter((tenth) => tenth < 10)).toHaveLength(10);
    expect(banTime(times, attacker, 2)).not.toBe(2 * (banTime(times, attacker, 1) ?? 0));
    expect(banTime(growing({ jitter: 1 }), attacker, 5)).toBe(10 * minute);
  });
});

describe('a jail whose bans grow', () => {
  const config = (given = {}) => ({
    jails: [jail({ name: 'ssh', ...growing(given) }), jail({ name: 'web', maxRetry: 100 })],
  });

  async function lastBan(rig: KernelRig): Promise<number> {
    await rig.abuse(attacker, 3);
    const [ban] = await rig.control.bans({});
    const [hold] = ban?.holds ?? [];
    const lasts = Date.parse(hold?.until ?? '') - Date.parse(hold?.since ?? '');
    await rig.pass(lasts + 2_000);
    return lasts / minute;
  }

  it('bans longer each time, up to the longest, also over restarts', async () => {
    const rig = new KernelRig();
    const stateFolder = await rig.folder();
    const lasted: number[] = [];
    for (let round = 0; round < 6; round++) {
      const kernel = await rig.start(config(), { stateFolder });
      lasted.push(await lastBan(rig));
      await kernel.stop();
    }

    expect(lasted).toEqual([1, 2, 4, 8, 10, 10]);
  });

  it('begins again when the last ban has been over for long enough', async () => {
    const rig = new KernelRig();
    await rig.start(config());
    expect([await lastBan(rig), await lastBan(rig)]).toEqual([1, 2]);

    await rig.pass(59 * minute);
    expect(await lastBan(rig)).toBe(4);
    await rig.pass(60 * minute);
    expect(await lastBan(rig)).toBe(1);
  });

  it.each([
    [59.999, 2],
    [60, 1],
  ])('looks at the end of the last ban: %d minutes after it', (minutes, number) => {
    const record = new AddressRecord([]);
    const ban = { kind: 'ban', holder: 'ssh', address: attacker, at: 0, until: minute } as const;
    record.add({ id: '', host: '', ...ban, details: { offences: 3, number: 1 } });

    const at = minute + minutes * minute;
    expect(record.nextNumber({ name: 'ssh', ...growing() }, { at, observed: false })).toBe(number);
    expect(record.nextNumber({ name: 'ssh', ...growing() }, { at, observed: true })).toBe(1);
  });

  it('does not count a mistake', async () => {
    const rig = new KernelRig();
    await rig.start(config());
    expect(await lastBan(rig)).toBe(1);
    await rig.abuse(attacker, 3);
    await rig.control.unban({ address: attacker, mistake: true });

    expect(await lastBan(rig)).toBe(2);
  });

  it('bans for the first time when the ledger cannot be asked', async () => {
    const rig = new KernelRig();
    await rig.start(config());
    const broken = vi.spyOn(SqliteLedger.prototype, 'recordEntries').mockImplementation(() => {
      throw new Error('damaged');
    });

    expect(await lastBan(rig)).toBe(1);
    broken.mockRestore();
  });

  it('goes by other times after a reload', async () => {
    const rig = new KernelRig();
    const kernel = await rig.start(config());
    await lastBan(rig);

    await kernel.reload(kernelConfig(config({ factor: 3 })));
    await settle();

    expect(await lastBan(rig)).toBe(3);
  });

  it('refuses a longest ban below the first', async () => {
    expect(await problemsOf(config({ maxMs: 1_000 }))).toMatchObject([
      { path: ['jails', 'ssh', 'banTime', 'max'] },
    ]);
  });
});
