import { describe, expect, it } from 'vitest';
import { createExplainer } from '../../src/explain/create-explainer.ts';
import { abuse, jail, KernelRig, lineAt, start, use } from '../kernel-rig.ts';
import { clock, explained, explainerOf, filterPlugin, framedSource, judged } from './rig.ts';

const attacker = '192.0.2.1';

describe(createExplainer.name, () => {
  it('counts as detection does, up to the ban, and says where that would be', async () => {
    const explainer = await explainerOf();

    const outcomes = [1, 2, 3, 4].map(() => judged(explainer, abuse(attacker)));

    expect(outcomes.map(({ outcome, count }) => [outcome, count?.offences])).toEqual([
      ['counted', 1],
      ['counted', 2],
      ['banned', 3],
      ['seen-while-banned', undefined],
    ]);
    const ban = {
      until: new Date(start + 60_000).toISOString(),
      lists: ['memory/ssh'],
      rungs: [],
      ranges: [],
    };
    expect(outcomes[2]?.ban).toEqual({ ...ban, observed: false });
    expect(outcomes[3]?.ban).toEqual({ ...ban, observed: false });
  });

  it('tells what a ban brings about, from what the ledger knows', async () => {
    const rig = new KernelRig();
    const stateFolder = await rig.folder();
    const config = {
      jails: [
        jail({
          name: 'ssh',
          knownMaxRetry: { maxRetry: 2, withinMs: 3_600_000 },
          banGrowth: { factor: 2, maxMs: 3_600_000, forgetAfterMs: 3_600_000, jitter: 0 },
        }),
      ],
      escalation: [
        { name: 'repeat', after: 2, withinMs: 3_600_000, banTimeMs: null, path: ['escalation', 0] },
      ],
      network: {
        ...{ after: 2, withinMs: 3_600_000, banTimeMs: 3_600_000, path: ['network'] },
        prefixes: { v4: [28, 24], v6: [] },
      },
    };
    const kernel = await rig.start(config, { stateFolder });
    await rig.abuse(attacker, 3);
    await rig.pass(62_000);
    await rig.abuse('192.0.2.200', 3);
    await rig.control.unban({ address: '192.0.2.0/24' });
    await rig.abuse('192.0.2.2', 3);
    await rig.control.unban({ address: '192.0.2.0/28' });
    await kernel.stop();
    clock.setWall(rig.clock.now());
    const explainer = await explainerOf(config, { stateFolder });

    const [first, second] = [1, 2].map(() => judged(explainer, abuse(attacker)));

    expect(first).toMatchObject({
      outcome: 'counted',
      count: { offences: 1, maxRetry: 2, known: true },
    });
    expect(second?.outcome).toBe('banned');
    expect(second?.ban).toMatchObject({
      number: 2,
      rungs: [{ holder: 'repeat', until: null, lists: ['memory/ssh'], reason: '2 bans within 1h' }],
    });
    expect(second?.ban?.ranges).toEqual([]);
  });

  it('tells which range a ban would ban, or why not, and what lies in a banned one', async () => {
    const network = {
      ...{ after: 2, withinMs: 3_600_000, banTimeMs: null, path: ['network'] },
      prefixes: { v4: [24], v6: [] },
    };
    const jails = [jail({ name: 'ssh', maxRetry: 1 })];
    const explainer = await explainerOf({ jails, network, neverBan: ['198.51.100.9'] });
    const range = '192.0.2.0/24';

    const [, bans, inside] = [1, 2, 3].map((host) => judged(explainer, abuse(`192.0.2.${host}`)));
    const [, refused] = [1, 2].map((host) => judged(explainer, abuse(`198.51.100.${host}`)));

    expect(bans?.ban?.ranges).toMatchObject([
      { range, until: null, refused: false, lists: ['memory/ssh'] },
    ]);
    expect(inside).toMatchObject({ outcome: 'seen-while-banned', ban: { range, until: null } });
    expect(refused?.ban?.ranges).toMatchObject([
      { range: '198.51.100.0/24', refused: true, lists: [] },
    ]);
  });

  it.each([
    ['a match', abuse(attacker), { match: null, address: null, failure: null }],
    ['a filter that threw', lineAt(0, 'throw'), { match: null, failure: null }],
  ])('remembers nothing of %s at the next line', async (_what, first, nothing) => {
    const filter = filterPlugin('talker', () => ({
      prefixes: ['abuse', 'throw'],
      match: (message) => {
        if (message.startsWith('throw')) throw new Error('broken');
        return { address: attacker };
      },
    }));
    const jails = [jail({ name: 'ssh', filter: use('talker') })];
    const explainer = await explainerOf({ jails }, { plugins: [filter] });

    expect(judged(explainer, first).outcome).toMatch(/^(counted|filter-threw)$/);

    const next = judged(explainer, lineAt(0, 'peace'));
    expect(next).toMatchObject({ ...nothing, outcome: 'not-offered' });
  });

  it('joins the lines of a conversation that it was given', async () => {
    const filter = filterPlugin('door', () => ({
      match: () => undefined,
      converse: (message) => {
        if (message.startsWith('throw')) throw new Error('broken');
        return message.startsWith('from ')
          ? { conversation: 'x', address: message.slice(5) }
          : { conversation: 'x', offence: true, user: 'bob' };
      },
    }));
    const jails = [jail({ name: 'ssh', filter: use('door') })];
    const explainer = await explainerOf({ jails }, { plugins: [filter] });

    expect(judged(explainer, lineAt(0, 'failed')).outcome).toBe('no-match');
    expect(judged(explainer, lineAt(0, `from ${attacker}`))).toMatchObject({
      outcome: 'counted',
      address: attacker,
      match: { user: 'bob' },
    });
    expect(judged(explainer, lineAt(0, `from ${attacker}`))).toMatchObject({
      outcome: 'no-match',
      match: null,
    });
    expect(judged(explainer, lineAt(0, 'throw'))).toMatchObject({ outcome: 'filter-threw' });
  });

  it('puts a jail that observes on no list', async () => {
    const explainer = await explainerOf({
      jails: [jail({ name: 'ssh', maxRetry: 1, observe: true })],
    });

    expect(judged(explainer, abuse(attacker)).ban).toMatchObject({ lists: [], observed: true });
  });

  it.each([
    ['192.0.2.7', '192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7', '192.0.2.7'],
    ['2001:DB8::0:1', '2001:db8::1', '2001:db8::/64'],
    ['2001:db8:1::1', '2001:db8:1::1', '2001:db8:1::1'],
    ['host.example', null, null],
  ])('reads %s as %s and counts %s', async (written, address, target) => {
    const explainer = await explainerOf({ neverBan: ['2001:db8:1::5'] });

    const found = judged(explainer, abuse(written));

    expect(found).toMatchObject({ match: { address: written }, address, target });
    expect(found.outcome).toBe(address === null ? 'no-address' : 'counted');
  });

  it('says why an address is never banned', async () => {
    const gateway = { address: '192.0.2.9', why: 'the default gateway' };
    const explainer = await explainerOf({}, { protectedAddresses: [gateway] });

    expect(judged(explainer, abuse('192.0.2.9'))).toMatchObject({
      outcome: 'never-ban',
      neverBan: 'the default gateway',
      count: null,
      ban: null,
    });
  });

  it.each([
    ['a line of nobody', 'no-header', 'no header'],
    ['Jan  1 10:00:00 host cron[1]: abuse from 192.0.2.1', 'other-program', 'of cron'],
    [lineAt(0, 'nothing from 192.0.2.1'), 'other-beginning', 'none of the 1 beginnings'],
    ['2026-01-01 00:00:00 abuse from 192.0.2.1', 'other-program', 'names none'],
  ])('says why %j is not offered', async (line, reason, text) => {
    const picky = filterPlugin('picky', () => ({
      programs: ['app'],
      prefixes: ['abuse'],
      match: () => ({ address: attacker }),
    }));
    const jails = [jail({ name: 'ssh', filter: use('picky') })];
    const explainer = await explainerOf({ jails }, { plugins: [picky] });

    expect(judged(explainer, line)).toMatchObject({
      outcome: 'not-offered',
      notOffered: { reason, text: expect.stringContaining(text) },
      match: null,
    });
    expect(judged(explainer, lineAt(0, 'abuse')).outcome).toBe('counted');
  });

  it('tells the time, and the zone that was assumed for it', async () => {
    const framed = (name: string, options: unknown) =>
      jail({ name, sources: [use('framed', options)] });
    const jails = [framed('tokyo', { timeZone: 'Asia/Tokyo' }), framed('utc', { timeZone: 'UTC' })];
    const explainer = await explainerOf({ jails }, { plugins: [framedSource] });

    const bsd = explained(explainer, 'Jan  1 10:00:00 host app[7]: x').readings;
    const iso = explained(explainer, '2026-01-01T10:00:00+02:00 host app: x').readings;

    expect(bsd.map(({ header, jails: its }) => [its[0]?.jail, header])).toEqual([
      ['tokyo', header({ time: '2026-01-01T01:00:00.000Z', assumedZone: 'Asia/Tokyo' })],
      ['utc', header({ time: '2026-01-01T10:00:00.000Z', assumedZone: 'UTC' })],
    ]);
    for (const reading of iso) {
      expect(reading.header).toMatchObject({
        time: '2026-01-01T08:00:00.000Z',
        assumedZone: null,
        pid: null,
      });
    }
  });

  it('offers a line whole where the source says that there is no header', async () => {
    const jails = [jail({ name: 'bare', sources: [use('framed', { header: 'none' })] })];
    const explainer = await explainerOf({ jails }, { plugins: [framedSource] });

    const { readings } = explained(explainer, `abuse from ${attacker}`);

    expect(readings).toMatchObject([{ framing: 'none', jails: [{ outcome: 'counted' }] }]);
  });

  it('asks a filter once for a line, and survives one that throws', async () => {
    let asked = 0;
    const broken = filterPlugin('broken', () => ({
      match: () => {
        asked++;
        throw new Error('no\u001b[2J');
      },
      explain: () => {
        throw new Error('nor this');
      },
    }));
    const jails = [jail({ name: 'ssh', filter: use('broken') })];
    const explainer = await explainerOf({ jails }, { plugins: [broken] });

    expect(judged(explainer, lineAt(0, 'x'))).toMatchObject({
      outcome: 'filter-threw',
      failure: 'no\\x1b[2J',
      patterns: [{ matched: false, wanted: expect.stringContaining('nor this') }],
    });
    expect(asked).toBe(1);
  });

  it('shows the patterns of a filter that explains itself, and null for another', async () => {
    const telling = filterPlugin('telling', () => ({
      match: () => undefined,
      explain: (message) => [
        { pattern: 'one', matched: false, reached: 5, wanted: 'more' },
        { pattern: 'two', matched: false, reached: message.length + 99 },
      ],
    }));
    const jails = [jail({ name: 'a', filter: use('telling') }), jail({ name: 'b' })];
    const explainer = await explainerOf({ jails }, { plugins: [telling] });

    const [reading] = explained(explainer, lineAt(0, 'ä=ö')).readings;

    // Five bytes are three characters.
    expect(reading?.jails.map(({ patterns }) => patterns)).toEqual([
      [
        { pattern: 'one', matched: false, reached: 3, wanted: 'more' },
        { pattern: 'two', matched: false, reached: 3 },
      ],
      null,
    ]);
  });

  it('never offers a line that is too long', async () => {
    const explainer = await explainerOf({ maxLineBytes: 1_024 });
    const long = abuse(attacker).padEnd(1_024);

    expect(explained(explainer, `${long}\r`).tooLong).toBe(false);
    expect(explained(explainer, `${long} `)).toMatchObject({
      tooLong: true,
      readings: [{ jails: [{ outcome: 'too-long', patterns: null }] }],
    });
  });

  it('comes to what a kernel comes to with the same lines', async () => {
    const lines = [
      ...['192.0.2.1', '192.0.2.2', '192.0.2.1', 'nobody', '127.0.0.1', '192.0.2.1', '192.0.2.1'],
      ...['2001:db8::1', '2001:db8::2', '::ffff:192.0.2.2', '2001:db8::3', '192.0.2.2'],
    ].map((address) => abuse(address));
    const all = [...lines, 'garbage', '', lineAt(0, 'peace'), '\0'];
    const rig = new KernelRig();
    await rig.start();
    const explainer = await explainerOf();

    await rig.feed.push(all);
    const outcomes = all.map((line) => judged(explainer, line).outcome);

    const count = (...wanted: string[]) => outcomes.filter((one) => wanted.includes(one)).length;
    const [status] = (await rig.control.status({})).jails;
    expect({
      offences: count('counted', 'banned'),
      banned: count('banned'),
      ignored: {
        neverBan: count('never-ban'),
        seenWhileBanned: count('seen-while-banned'),
        noAddress: count('no-address'),
      },
    }).toEqual({
      offences: status?.offences,
      banned: status?.banned,
      ignored: status?.ignored,
    });
    expect(status?.banned).toBe(3);
  });

  it('refuses a configuration with mistakes', async () => {
    const jails = [jail({ name: 'ssh', filter: use('scriptd') })];

    await expect(explainerOf({ jails })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

function header(more: { readonly time: string; readonly assumedZone: string }) {
  return {
    kind: 'bsd',
    timeText: 'Jan  1 10:00:00',
    program: 'app',
    pid: 7,
    message: 'x',
    ...more,
  };
}
