import { definePlugin } from '@remand/api';
import { anyOptions, scriptedFilter } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { replayLogs } from '../../src/replay/replay-logs.ts';
import { abuse, jail, lineAt, start, use } from '../kernel-rig.ts';
import { LogFolder } from './log-folder.ts';
import { framingSource, replay, replayedAt } from './replay-rig.ts';

const attacker = '198.51.100.7';
const at = (ms: number) => new Date(start + ms).toISOString();
/** Three lines, a second apart. */
const burst = (from: number, address = attacker) =>
  [0, 1, 2].map((n) => abuse(address, from + n * 1_000));

describe(replayLogs.name, () => {
  it('bans at the time of the deciding line, and again when the hold is over', async () => {
    const log = new LogFolder().write('log', [
      ...burst(0),
      abuse(attacker, 3_000),
      abuse(attacker, 61_999),
      ...burst(62_000),
    ]);

    const report = await replay([log]);

    expect(report.bans).toEqual([
      { address: attacker, holder: 'ssh', rung: null, at: at(2_000), until: at(62_000) },
      { address: attacker, holder: 'ssh', rung: null, at: at(64_000), until: at(124_000) },
    ]);
    expect(report).toMatchObject({ lines: 8, matched: 8, warnings: [] });
    expect(report.jails).toMatchObject([{ offences: 6, seenWhileBanned: 2, banned: 2 }]);
  });

  it('shows what another maxRetry would have done', async () => {
    const log = new LogFolder().write('log', [...burst(0), ...burst(700_000, '203.0.113.5')]);
    const bansWith = async (maxRetry: number) =>
      (await replay([log], { jails: [jail({ name: 'ssh', maxRetry })] })).bans.length;

    expect([await bansWith(1), await bansWith(3), await bansWith(4)]).toEqual([2, 2, 0]);
  });

  it('reads several logs as one, by the times of their lines', async () => {
    const folder = new LogFolder();
    const lines = burst(0);
    const odd = folder.write('b.log', [lines[1] ?? '']);
    const even = folder.write('a.log.gz', [lines[0] ?? '', lines[2] ?? '', abuse(attacker, 3_000)]);

    const report = await replay([odd, even]);

    expect(report.bans).toMatchObject([{ at: at(2_000) }]);
    expect(report.logs.map(({ path }) => path)).toEqual([even, odd]);
  });

  it('offers every log to every jail, and counts shared matches once', async () => {
    const log = new LogFolder().write('log', [...burst(0), lineAt(4_000, 'nothing')]);
    const jails = [jail({ name: 'ssh' }), jail({ name: 'slow', banTimeMs: null, maxRetry: 2 })];

    const report = await replay([log], { jails });

    expect(report).toMatchObject({ lines: 4, matched: 3 });
    expect(report.bans).toMatchObject([
      { holder: 'slow', at: at(1_000), until: null },
      { holder: 'ssh', at: at(2_000), until: at(62_000) },
    ]);
  });

  it('says whom of the never-ban set it would have hit, who is busiest, and where from', async () => {
    const log = new LogFolder().write('log', [
      ...burst(0, '198.51.100.1'),
      ...burst(4_000, '198.51.100.2'),
      abuse('198.51.100.2', 8_000),
      ...burst(9_000, '203.0.113.9'),
      abuse('2001:db8:0:7::1', 12_000),
    ]);

    const report = await replay([log], { neverBan: ['203.0.113.0/24'] });

    expect(report.bans).toHaveLength(2);
    expect(report.spared).toEqual([
      { address: '203.0.113.9', matched: 3, why: 'neverBan of the configuration' },
    ]);
    expect(report.addresses.slice(0, 2)).toEqual([
      { address: '198.51.100.2', matched: 4 },
      { address: '198.51.100.1', matched: 3 },
    ]);
    expect(report.networks).toEqual([
      { address: '198.51.100.0/24', matched: 7 },
      { address: '203.0.113.0/24', matched: 3 },
      { address: '2001:db8::/48', matched: 1 },
    ]);
  });

  it('says which names of the never-ban set it could not resolve', async () => {
    const log = new LogFolder().write('log', burst(0));
    const machine = {
      protectedAddresses: async () => [],
      resolve: async () => Promise.reject(new Error('no such host')),
    };

    const report = await replay([log], { neverBan: ['office.example.org'] }, { machine });

    expect(report.warnings).toEqual([expect.stringMatching(/office\.example\.org.*no such host/)]);
  });

  it('reads times in the zone of each jail, and leaves jails without a header out', async () => {
    const bsd = (clock: string) => `Jan 10 ${clock} host app[1]: abuse from ${attacker}`;
    const log = new LogFolder().write(
      'log',
      [bsd('10:00:00'), bsd('10:00:01'), bsd('10:00:02')],
      replayedAt,
    );
    const framed = (options: object) => [use('framing', options)];
    const jails = [
      jail({ name: 'utc', sources: framed({ timeZone: 'UTC' }) }),
      jail({ name: 'tokyo', sources: framed({ timeZone: 'Asia/Tokyo' }) }),
      jail({ name: 'whole', sources: framed({ header: 'none' }) }),
    ];

    const report = await replay([log], { jails }, { plugins: [framingSource()] });

    expect(report.lines).toBe(3);
    expect(report.bans.map(({ holder, at: when }) => [holder, when])).toEqual([
      ['tokyo', '2026-01-10T01:00:02.000Z'],
      ['utc', '2026-01-10T10:00:02.000Z'],
    ]);
    expect(report.warnings).toEqual([expect.stringContaining('jail whole is left out')]);
  });

  it('takes dates without a year from the year before the file was written to', async () => {
    const lines = [0, 1, 2].map((n) => `Dec 31 23:59:5${n} host app: abuse from ${attacker}`);
    const log = new LogFolder().write('log', lines, Date.UTC(2024, 0, 1, 0, 5));
    const jails = [jail({ name: 'ssh', sources: [use('framing', { timeZone: 'UTC' })] })];
    const more = { plugins: [framingSource()] };

    const [byFile] = (await replay([log], { jails }, more)).bans;
    const [byOption] = (await replay([log], { jails }, { ...more, year: 2019 })).bans;

    expect(byFile?.at).toBe('2023-12-31T23:59:52.000Z');
    expect(byOption?.at).toBe('2019-12-31T23:59:52.000Z');
  });

  it('follows dates without a year over silences and into the next year', async () => {
    const days = ['Feb  3', 'Dec 31', 'Jan  1', 'Sep 20'];
    const lines = days.flatMap((day) =>
      [0, 1, 2].map((n) => `${day} 10:00:0${n} host app: abuse from ${attacker}`),
    );
    const log = new LogFolder().write('log', lines);
    const jails = [jail({ name: 'ssh', sources: [use('framing', { timeZone: 'UTC' })] })];

    const report = await replay([log], { jails }, { plugins: [framingSource()], year: 2019 });

    expect(report.bans.map((ban) => ban.at.slice(0, 10))).toEqual([
      '2019-02-03',
      '2019-12-31',
      '2020-01-01',
      '2020-09-20',
    ]);
  });

  it('counts lines that are too long and never matches them', async () => {
    const long = lineAt(1_000, `abuse from ${attacker} user ${'x'.repeat(20_000)}`);
    const longer = lineAt(2_000, 'y'.repeat(3_000_000));
    const log = new LogFolder().write('log', [...burst(0).slice(0, 2), long, longer, 'no date']);

    const report = await replay([log]);

    expect(report.bans).toEqual([]);
    expect(report.lines).toBe(5);
    expect(report.jails).toMatchObject([{ oversized: 2, offences: 2 }]);
  });

  it('says when the fuse would have blown, and when a filter failed', async () => {
    const wave = (network: string, from: number) =>
      Array.from({ length: 12 }, (_, n) => abuse(`${network}.${n + 1}`, from));
    const waves = [...wave('198.51.100', 5_000), ...wave('203.0.113', 3_600_000)];
    const log = new LogFolder().write('log', waves);
    const broken = definePlugin({
      ...scriptedFilter({ name: 'broken' }),
      options: anyOptions,
      create: () => ({
        match: () => {
          throw new Error('oops');
        },
      }),
    });
    const jails = [
      jail({ name: 'ssh', maxRetry: 1 }),
      jail({ name: 'web', filter: use('broken') }),
    ];

    const report = await replay(
      [log],
      { jails, fuse: { bans: 10, withinMs: 60_000 } },
      { plugins: [broken] },
    );

    expect(report.bans).toHaveLength(24);
    expect(report.warnings).toEqual([`the fuse would have blown 2 times, first at ${at(5_000)}`]);
    expect(report.jails[1]?.trouble).toMatch(/oops/);
  });

  it('refuses all logs that are none at once; an empty one among others is passed over', async () => {
    const folder = new LogFolder();
    const log = folder.write('log', burst(0));
    const empty = folder.write('empty', []);

    const report = await replay([log, empty, log]);
    const wrong = replay([log, empty, `${folder.path}/none`, folder.path]);

    expect(report.lines).toBe(3);
    expect(report.warnings).toEqual([`${empty} is empty`, `${log} is named twice and read once`]);
    await expect(wrong).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/^2 logs cannot.*none does not exist.*is a folder/s),
    });
    await expect(replay([empty])).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
  });

  it('says how far it has come', async () => {
    const log = new LogFolder().write('log', burst(0));
    const seen: number[][] = [];

    await replay(
      [log],
      {},
      {
        onProgress: ({ bytes, totalBytes, lines, at: time }) =>
          seen.push([bytes, totalBytes, lines, time]),
      },
    );

    const size = burst(0).join('\n').length + 1;
    expect(seen.at(-1)).toEqual([size, size, 3, start]);
  });

  it('touches no list', async () => {
    const log = new LogFolder().write('log', burst(0));
    const touched: string[] = [];
    const action = definePlugin({
      kind: 'action',
      name: 'memory',
      apiVersion: 1,
      summary: 'Tells that it was made.',
      options: anyOptions,
      inject: [],
      ownership: 'own',
      scope: 'jail',
      create: ({ list }) => {
        touched.push(list);
        throw new Error('it must not be made');
      },
    });

    const { bans } = await replay(
      [log],
      { jails: [jail({ name: 'ssh', actions: [use('other')] })] },
      {
        plugins: [{ ...action, name: 'other' }],
      },
    );

    expect(bans).toHaveLength(1);
    expect(touched).toEqual([]);
  });
});
