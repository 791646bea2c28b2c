import {
  type AnyPlugin,
  definePlugin,
  type Filter,
  type FilterPlugin,
  type LineInfo,
  type OptionsSchema,
  type SourceFeed,
  type SourcePlugin,
} from '@remand/api';
import { anyOptions } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { Detector } from '../../src/detect/detector.ts';
import { programHash } from '../../src/detect/header/program.ts';
import { abuse, jail, KernelRig, lineAt, start, use } from '../kernel-rig.ts';

const attacker = '192.0.2.1';
const other = '192.0.2.2';

describe(Detector.name, () => {
  it('counts a live line at its arrival, whatever time it shows', async () => {
    const rig = new KernelRig();
    await rig.start();
    await rig.pass(5_000);

    await rig.feed.push([abuse(attacker, -86_400_000), abuse(attacker, 86_400_000)]);
    await rig.feed.push(`host app[1]: abuse from ${attacker}`);

    expect(await timesOf(rig)).toEqual([5_000, 5_000, 5_000]);
    expect(await rig.control.bans({})).toHaveLength(1);
  });

  it('counts a backlog line at its own time, and not after now', async () => {
    const rig = new KernelRig();
    await rig.start();

    await backlog(rig, [abuse(attacker, -2_000), abuse(attacker, 60_000)]);

    expect(await timesOf(rig)).toEqual([-2_000, 0]);
  });

  it('counts no backlog line before what was committed of its stream', async () => {
    const rig = new KernelRig();
    await rig.start();
    await backlog(rig, [abuse(other, -3_000)]);

    await backlog(rig, [abuse(attacker, -500_000)]);
    await backlog(rig, [abuse(attacker, -2_000), abuse(attacker, -9_000)], { stream: 'fresh' });

    expect(await timesOf(rig)).toEqual([-3_000, -2_000, -2_000]);
  });

  it('counts no backlog line before a live one that was counted', async () => {
    const rig = new KernelRig();
    await rig.start();
    await rig.feed.push([abuse(attacker)]);
    await rig.pass(1_000);

    await backlog(rig, [abuse(attacker, -500_000)]);

    expect(await timesOf(rig)).toEqual([0, 0]);
  });

  it('gives an undated backlog line the time of the dated line before it', async () => {
    const rig = new KernelRig();
    await rig.start();

    await backlog(rig, [
      lineAt(-8_000, 'a line that does not matter'),
      `host app[1]: abuse from ${attacker}`,
      abuse(attacker, -4_000),
      `host app[1]: abuse from ${other}`,
    ]);

    expect(await timesOf(rig)).toEqual([-8_000, -4_000]);
    expect(await timesOf(rig, other)).toEqual([-4_000]);
  });

  it('counts and quotes the lines of a backlog alike, however far into it they stand', async () => {
    const rig = new KernelRig();
    await rig.start();
    const filling = Array.from({ length: 3_000 }, () => `host app[1]: ${'x'.repeat(90)}`);

    await backlog(rig, [
      ...[lineAt(-8_000, 'a line that does not matter'), ...filling],
      `host app[1]: abuse from ${attacker}`,
      ...[...filling, abuse(attacker, -4_000), ...filling],
      `host app[1]: abuse from ${attacker}`,
    ]);

    expect(await timesOf(rig)).toEqual([-8_000, -4_000, -4_000]);
    expect(await rig.jail()).toMatchObject({ lines: 9_004, dated: 2 });
    const { events } = await rig.control.why({ address: attacker });
    const [ban] = events.filter(({ kind }) => kind === 'ban');
    expect(ban?.evidence?.at(-1)).toBe(`host app[1]: abuse from ${attacker}`);
  });

  it('gives an undated line before any dated one the committed time, else now', async () => {
    const rig = new KernelRig();
    await rig.start();

    await backlog(rig, [`host app[1]: abuse from ${attacker}`], { stream: 'fresh' });
    await backlog(rig, [abuse(other, -7_000)], { stream: 'known' });
    await backlog(rig, [`host app[1]: abuse from ${attacker}`], { stream: 'known' });

    expect(await timesOf(rig)).toEqual([-7_000, 0]);
  });

  it('counts no line in the future after the wall clock was set back', async () => {
    const rig = new KernelRig();
    await rig.start();
    await rig.feed.push([abuse(other)]);
    rig.clock.setWall(start - 60_000);

    await backlog(rig, [
      `host app[1]: abuse from ${attacker}`,
      abuse(attacker, -90_000),
      'host app[1]: some text',
    ]);

    expect(await timesOf(rig)).toEqual([-60_000, -60_000]);
  });

  it('reads times without a zone in the zone of the source', async () => {
    const rig = new KernelRig();
    await rig.start();
    const line = `Jan  1 08:59:00 host app[1]: abuse from ${attacker}`;

    await backlog(rig, [line], { timeZone: 'Asia/Tokyo' });

    expect(await timesOf(rig)).toEqual([-60_000]);
  });

  it('counts lines over maxLineBytes and never matches them, not even their beginning', async () => {
    const rig = new KernelRig();
    const fits = abuse(attacker);
    await rig.start({ maxLineBytes: fits.length });

    await rig.feed.push([fits, `${fits} and more`, fits], { oversized: 4 });

    expect(await rig.jail()).toMatchObject({ lines: 3, matched: 2, oversized: 5 });
  });

  it('takes a carriage return before the line end off, and no other', async () => {
    const rig = new KernelRig();
    await rig.start();

    await rig.feed.push([`${abuse(attacker)}\r`, `${abuse(attacker)}\r\r`, '\r', '']);

    expect(await rig.jail()).toMatchObject({ lines: 4, offences: 1 });
  });

  it('reads past NUL and bytes that are no UTF-8, and matches what stands beside them', async () => {
    const rig = new KernelRig();
    const seen: string[] = [];
    const raw = rawSource();
    const jails = [jail({ name: 'ssh', filter: use('spy'), sources: [use('raw')] })];
    await rig.start({ jails }, { plugins: [spyFilter(seen), raw.plugin] });
    const bytes = Buffer.concat([
      Buffer.from(`${lineAt(0, 'a\0b')}\n${lineAt(0, 'x')}`),
      Buffer.from([0xff, 0xfe, 0xc3]),
      Buffer.from(`\n${abuse(attacker)}\n`),
    ]);

    await raw.push(bytes);

    expect(seen).toEqual(['a\0b', 'x\xff\xfe\xc3', `abuse from ${attacker}`]);
    expect(await rig.jail()).toMatchObject({ lines: 3, offences: 1 });
  });

  it('takes the last line also without its line end', async () => {
    const rig = new KernelRig();
    const raw = rawSource();
    const jails = [jail({ name: 'ssh', sources: [use('raw')] })];
    await rig.start({ jails }, { plugins: [raw.plugin] });

    await raw.push(Buffer.from(`${abuse(attacker)}\n${abuse(attacker)}`));

    expect(await rig.jail()).toMatchObject({ lines: 2, offences: 2 });
  });

  it('degrades only the jail whose filter throws', async () => {
    const rig = new KernelRig();
    const throwing = filter('throwing', () => {
      throw new Error('no \x1b[31mway');
    });
    await rig.start(
      { jails: [jail({ name: 'bad', filter: use('throwing') }), jail({ name: 'good' })] },
      { plugins: [throwing] },
    );

    await rig.abuse(attacker, 3);

    expect(await rig.jail(0)).toMatchObject({
      state: 'degraded',
      reason: 'its filter threw: no \\x1b[31mway',
      matched: 0,
    });
    expect(await rig.jail(1)).toMatchObject({ state: 'ok', banned: 1 });
    expect(rig.memory.list('memory/good').targets).toEqual([attacker]);
    expect(rig.logger.fieldsOf('filter-threw')).toHaveLength(1);
  });

  it('degrades a jail whose filter is slow', async () => {
    const rig = new KernelRig();
    const slow = filter('slow', () => {
      rig.clock.advance(25);
      return undefined;
    });
    await rig.start({ jails: [jail({ name: 'ssh', filter: use('slow') })] }, { plugins: [slow] });

    await rig.feed.push([abuse(attacker)]);

    expect(await rig.jail()).toMatchObject({ state: 'degraded' });
  });

  it('asks a filter once for all jails with equal options', async () => {
    const rig = new KernelRig();
    const seen: string[] = [];
    await rig.start(
      {
        jails: [
          jail({ name: 'one', filter: use('spy', { mode: 'a' }), maxRetry: 1 }),
          jail({ name: 'two', filter: use('spy', { mode: 'a' }) }),
        ],
      },
      { plugins: [spyFilter(seen)] },
    );

    await rig.abuse(attacker);

    expect(seen).toHaveLength(1);
    expect(await rig.jail(0)).toMatchObject({ offences: 1, banned: 1 });
    expect(await rig.jail(1)).toMatchObject({ offences: 1, banned: 0 });
  });

  it('makes a filter of its own for other options', async () => {
    const rig = new KernelRig();
    const seen: string[] = [];
    await rig.start(
      {
        jails: [
          jail({ name: 'one', filter: use('spy', { mode: 'a' }) }),
          jail({ name: 'two', filter: use('spy', { mode: 'b' }) }),
        ],
      },
      { plugins: [spyFilter(seen)] },
    );

    await rig.abuse(attacker);

    expect(seen).toHaveLength(2);
  });

  it('offers a filter only the lines of its programs', async () => {
    const rig = new KernelRig();
    const seen: string[] = [];
    await startWith(rig, spyFilter(seen, { programs: ['app', 'app-2'] }));

    await rig.feed.push([
      lineAt(0, 'one'),
      '2026-01-01T00:00:00Z host app-2: two',
      '2026-01-01T00:00:00Z host ap[1]: not this',
      '2026-01-01T00:00:00Z host app2[1]: nor this',
      '2026-01-01T00:00:00Z no tag here',
    ]);

    expect(seen).toEqual(['one', 'two']);
  });

  it('tells programs with an equal hash apart', async () => {
    const rig = new KernelRig();
    const seen: string[] = [];
    await startWith(rig, spyFilter(seen, { programs: ['abc'] }));
    expect(programHash('abc')).toBe(programHash('axc'));

    await rig.feed.push([
      '2026-01-01T00:00:00Z host abc: its',
      '2026-01-01T00:00:00Z host axc: not',
    ]);

    expect(seen).toEqual(['its']);
  });

  it('offers a filter only the messages that begin with its prefixes', async () => {
    const rig = new KernelRig();
    const seen: string[] = [];
    await startWith(rig, spyFilter(seen, { prefixes: ['Failed ', 'Invalid'] }));

    const messages = ['Failed password', 'Failed', 'Invalid', 'x Failed y', 'Inva', 'Accepted'];
    await rig.feed.push(messages.map((message) => lineAt(0, message)));

    expect(seen).toEqual(['Failed password', 'Invalid']);
  });

  it('takes prefixes of one character and of none', async () => {
    const rig = new KernelRig();
    const short: string[] = [];
    const any: string[] = [];
    await rig.start(
      {
        jails: [jail({ name: 'a', filter: use('short') }), jail({ name: 'b', filter: use('any') })],
      },
      {
        plugins: [
          spyFilter(short, { name: 'short', prefixes: ['F', 'Inv'] }),
          spyFilter(any, { name: 'any', prefixes: ['', 'Inv'] }),
        ],
      },
    );

    await rig.feed.push(['Failed', 'Invalid', 'If'].map((message) => lineAt(0, message)));

    expect(short).toEqual(['Failed', 'Invalid']);
    expect(any).toEqual(['Failed', 'Invalid', 'If']);
  });

  it('tells a filter the program and its pid', async () => {
    const rig = new KernelRig();
    const told: unknown[] = [];
    const curious = filter('curious', (_message, { program, pid }) => {
      told.push([program, pid]);
      return undefined;
    });
    await startWith(rig, curious);

    await rig.feed.push(['2026-01-01T00:00:00Z host sshd[77]: x', '2026-01-01T00:00:00Z cron: y']);

    expect(told).toEqual([
      ['sshd', 77],
      ['cron', undefined],
    ]);
  });

  it('offers lines without a header whole and undated, whatever was read before', async () => {
    const rig = new KernelRig();
    const told: unknown[] = [];
    const curious = filter('curious', (message, { program, pid }) => {
      told.push([message, program, pid]);
      return { address: attacker };
    });
    await startWith(rig, curious);
    await rig.feed.push(lineAt(0, 'first'), { stream: 'other' });

    const line = lineAt(-5_000, 'x');
    await backlog(rig, [line], { header: 'none' });

    expect(told.at(-1)).toEqual([line, undefined, undefined]);
    expect(await timesOf(rig)).toEqual([0, 0]);
  });

  it('offers lines whose header is not known to nobody', async () => {
    const rig = new KernelRig();
    await rig.start();

    await rig.feed.push([`abuse from ${attacker}`]);

    expect(await rig.jail()).toMatchObject({ lines: 1, dated: 0, matched: 0 });
  });

  it('offers lines only to the jails of the uses that they are for', async () => {
    const rig = new KernelRig();
    await rig.start({
      jails: [
        jail({ name: 'one', sources: [use('feed', { path: 'a' })] }),
        jail({ name: 'two', sources: [use('feed', { path: 'b' })] }),
      ],
    });
    const uses = rig.feed.uses.filter(({ jails }) => jails.includes('two')).map(({ id }) => id);

    await rig.feed.push([abuse(attacker)], { uses });

    expect(await rig.jail(0)).toMatchObject({ lines: 0, offences: 0 });
    expect(await rig.jail(1)).toMatchObject({ lines: 1, offences: 1 });
  });

  it('keeps evidence as UTF-8, cut to 400 bytes', async () => {
    const rig = new KernelRig();
    const every = filter('every', () => ({ address: attacker }));
    await startWith(rig, every);
    const head = lineAt(0, '');

    await rig.feed.push([`${head}Müller €`, head + 'x'.repeat(500)]);

    const { events } = await rig.control.why({ address: attacker });
    expect(events.map(({ line }) => line)).toEqual([
      `${head}Müller €`,
      `${head}${'x'.repeat(400 - head.length)}…`,
    ]);
  });

  it.each([
    ['€', 1],
    ['€', 2],
    ['😀', 3],
    ['é', 1],
  ])('cuts evidence before %s when only %i of its bytes fit', async (character, bytes) => {
    const rig = new KernelRig();
    await startWith(
      rig,
      filter('every', () => ({ address: attacker })),
    );
    const kept = lineAt(0, '').padEnd(400 - bytes, 'x');

    await rig.feed.push([`${kept}${character} and more`]);

    const { events } = await rig.control.why({ address: attacker });
    expect(events[0]?.line).toBe(`${kept}…`);
  });

  it.each(['example.com', '192.0.2.0/24', '192.0.2.01', '1', '::x', 'localhost'])(
    'takes %j for no address',
    async (text) => {
      const rig = new KernelRig();
      await rig.start();

      await rig.feed.push([abuse(text), abuse(text), abuse(text)]);

      expect(await rig.jail()).toMatchObject({
        matched: 3,
        offences: 0,
        banned: 0,
        ignored: { noAddress: 3 },
      });
    },
  );
});

type Times = readonly number[];

/** When the offences of an address counted, in ms after `start`. */
async function timesOf(rig: KernelRig, address = attacker): Promise<Times> {
  const { events } = await rig.control.why({ address });
  return events.filter(({ kind }) => kind === 'offence').map(({ at }) => Date.parse(at) - start);
}

function backlog(
  rig: KernelRig,
  lines: readonly string[],
  options: Parameters<KernelRig['feed']['push']>[1] = {},
): Promise<void> {
  return rig.feed.push(lines, { live: false, ...options });
}

function startWith(rig: KernelRig, plugin: AnyPlugin<'filter'>): Promise<unknown> {
  const jails = [jail({ name: 'ssh', filter: use(plugin.name) })];
  return rig.start({ jails }, { plugins: [plugin] });
}

type TestFilter = FilterPlugin<OptionsSchema, readonly []>;

function filter(
  name: string,
  match: (message: string, info: LineInfo) => { readonly address: string } | undefined,
  rest: Omit<Filter, 'match'> = {},
): TestFilter {
  return definePlugin({
    kind: 'filter',
    name,
    apiVersion: 1,
    summary: 'Does what a test wants.',
    options: anyOptions,
    inject: [],
    create: () => ({ ...rest, match }),
  });
}

/** Writes down the messages that it is offered. */
function spyFilter(
  seen: string[],
  { name = 'spy', ...rest }: Omit<Filter, 'match'> & { readonly name?: string } = {},
): TestFilter {
  return filter(
    name,
    (message) => {
      seen.push(message);
      const address = /^abuse from (\S+)$/.exec(message)?.[1];
      return address === undefined ? undefined : { address };
    },
    rest,
  );
}

/** A source that pushes bytes as they are. */
function rawSource(): {
  readonly plugin: SourcePlugin<OptionsSchema, readonly []>;
  push(bytes: Uint8Array): Promise<void>;
} {
  let feed: SourceFeed | undefined;
  let uses: readonly string[] = [];
  const plugin = definePlugin({
    kind: 'source',
    name: 'raw',
    apiVersion: 1,
    summary: 'Pushes bytes.',
    options: anyOptions,
    inject: [],
    create: (given) => {
      uses = given.uses.map(({ id }) => id);
      return {
        start: async (running) => {
          feed = running;
        },
      };
    },
  });
  return {
    plugin,
    push: async (bytes) => feed?.push({ stream: 'raw', uses, bytes, bookmark: '1', live: true }),
  };
}
