import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandRunner, Target } from '@remand/api';
import { type MemoryLogger, memoryLogger } from '@remand/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Namespace, realClock } from '../../../test/support/namespace.ts';
import { needs } from '../../../test/support/needs.ts';
import { Shorewall } from '../../../test/support/shorewall.ts';
import { options } from '../src/options.ts';
import { ShorewallAction } from '../src/shorewall-action.ts';

const signal = AbortSignal.timeout(600_000);
const bans = ['198.51.100.1', '203.0.113.0/24', '2001:db8:0:1::/64', '2001:db8::1'];
const admins = ['192.0.2.1', '2001:db8:ffff::1'];

needs(
  'root',
  'ip',
  'iptables',
  'ipset',
  'nsenter',
  'shorewall',
  'shorewall6',
  'unshare',
)('ShorewallAction on the real shorewall', () => {
  let namespace: Namespace;
  let shorewall: Shorewall;
  let logger: MemoryLogger;
  let ran: string[];

  beforeEach(() => {
    namespace = new Namespace();
    namespace.exec('ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth1');
    logger = memoryLogger();
    ran = [];
  });

  afterEach(async () => {
    await shorewall.remove();
    await namespace.remove();
  });

  async function prepare(blacklist: string): Promise<void> {
    const given = { namespace: namespace.name, interfaces: ['eth0'], blacklist };
    shorewall = await Shorewall.in(given);
  }

  function action(given: object = {}): ShorewallAction {
    const commands: CommandRunner = {
      ...shorewall.commands,
      run: (argv, more) => {
        ran.push(argv.join(' '));
        return shorewall.commands.run(argv, more);
      },
    };
    return new ShorewallAction({
      options: options.parse(given),
      commands,
      clock: realClock,
      logger,
      stateFolder: shorewall.stateFolder,
    });
  }

  async function change(one: ShorewallAction, op: 'add' | 'remove', ...targets: Target[]) {
    const changes = targets.map((target) => ({ op, target, timeoutMs: null }));
    return (await one.apply(changes, signal)).refused;
  }

  async function targetsOf(one: ShorewallAction): Promise<readonly Target[]> {
    const listing = await one.list(signal);
    if (listing.state !== 'known') throw new Error(JSON.stringify(listing));
    return listing.entries.map(({ target }) => target).sort();
  }

  function block(...words: readonly string[]): void {
    shorewall.run('shorewall', words[0] ?? '', admins[0] ?? '', ...words.slice(1));
    shorewall.run('shorewall6', words[0] ?? '', admins[1] ?? '', ...words.slice(1));
  }

  const everything = [...bans, ...admins].sort();

  for (const { blacklist, command } of [
    { blacklist: 'Yes', command: ['drop'] },
    { blacklist: 'ipset-only', command: ['blacklist', 'timeout', '0'] },
  ]) {
    describe(`with DYNAMIC_BLACKLIST=${blacklist}`, () => {
      beforeEach(async () => {
        await prepare(blacklist);
        shorewall.start();
        block(...command);
      });

      it.each([
        [['restart']],
        [['reload']],
        [['stop', 'start']],
        [['clear', 'start']],
        [['save', 'restore']],
      ])('keeps its entries and those of the administrator over %j', async (verbs) => {
        const one = action();
        await one.start(signal);
        await change(one, 'add', ...bans);

        for (const verb of verbs) {
          shorewall.run('shorewall', verb);
          shorewall.run('shorewall6', verb);
        }

        expect(await targetsOf(one)).toEqual(everything);
        expect(await change(one, 'remove', ...bans)).toEqual([]);
        expect(await targetsOf(one)).toEqual([...admins].sort());
      });

      it('is unavailable while shorewall is stopped or cleared, and says what to do', async () => {
        const one = action();
        await one.start(signal);
        await change(one, 'add', ...bans);

        for (const verb of ['stop', 'clear']) {
          shorewall.run('shorewall', verb);
          expect(await one.list(signal)).toEqual({
            state: 'unavailable',
            reason: 'shorewall is not running',
            hint: expect.stringContaining('`shorewall start`'),
          });
          await expect(change(one, 'add', '198.51.100.9')).rejects.toThrow('is not running');
          await expect(one.start(signal)).rejects.toThrow('is not running');
          shorewall.run('shorewall', 'start');
          await one.start(signal);
          expect(await targetsOf(one)).toEqual(everything);
        }
      });

      it('shows what the administrator allowed as missing', async () => {
        const one = action();
        await change(one, 'add', ...bans);

        shorewall.run('shorewall', 'allow', '198.51.100.1', '203.0.113.0/24');

        expect(await targetsOf(one)).toEqual([...bans.slice(2), ...admins].sort());
      });

      it('does with the program shorewall what it does without', async () => {
        const one = action({ how: 'program' });
        await one.start(signal);

        expect(await change(one, 'add', ...bans)).toEqual([]);
        expect(await targetsOf(one)).toEqual(everything);
        expect(await targetsOf(action())).toEqual(everything);
        expect(await change(one, 'remove', ...bans)).toEqual([]);
        expect(await targetsOf(one)).toEqual([...admins].sort());
      });
    });
  }

  it.each([
    ['drop', 'drop'],
    ['reject', 'logreject'],
    ['logdrop', 'logdrop'],
  ] as const)('writes for %s the very rules of `shorewall %s`', async (verdict, verb) => {
    await prepare('Yes');
    shorewall.start();
    const read = () =>
      ['iptables', 'ip6tables'].map((program) => shorewall.run(program, '-S', 'dynamic')).join('');
    shorewall.run('shorewall', verb, '198.51.100.1', '203.0.113.0/24');
    // shorewall6 keeps its chain `reject`.
    shorewall.run('shorewall6', verdict, '2001:db8:0:1::/64', '2001:db8::1');
    const wanted = read();
    shorewall.run('iptables', '-F', 'dynamic');
    shorewall.run('ip6tables', '-F', 'dynamic');

    await change(action({ block: verdict }), 'add', ...bans);

    expect(read()).toBe(wanted);
  });

  it('uses the set for drop and the chain for reject where shorewall has both', async () => {
    await prepare('ipset');
    shorewall.start();

    await change(action(), 'add', '198.51.100.1');
    await change(action({ block: 'reject' }), 'add', '198.51.100.2');

    expect(shorewall.run('ipset', 'save', 'SW_DBL4')).toContain('add SW_DBL4 198.51.100.1 ');
    expect(shorewall.run('iptables', '-S', 'dynamic')).toContain('-s 198.51.100.2/32 -j logreject');
  });

  it('fills a set of another name, by its name or by the program', async () => {
    await prepare('ipset-only:blocked');
    shorewall.run('shorewall', 'start');
    const given = { families: [4] };

    expect(await change(action(given), 'add', '198.51.100.1')).toEqual([]);
    expect(ran.at(-2)).toBe('shorewall blacklist 198.51.100.1 timeout 0');
    expect(await change(action({ ...given, set: 'blocked' }), 'add', '198.51.100.2')).toEqual([]);
    expect(ran.at(-2)).toBe('ipset -exist restore');

    expect(await targetsOf(action(given))).toEqual(['198.51.100.1', '198.51.100.2']);
  });

  it('says that there is no blacklist to write to', async () => {
    await prepare('No');
    shorewall.start();

    await expect(action().start(signal)).rejects.toMatchObject({
      message: 'shorewall has no dynamic blacklist',
      hint: expect.stringContaining('DYNAMIC_BLACKLIST=Yes'),
    });
  });

  it('leaves IPv6 out where shorewall6 was never started, and takes it once it is', async () => {
    await prepare('Yes');
    shorewall.run('shorewall', 'start');
    const one = action();
    await one.start(signal);

    expect(await change(one, 'add', ...bans)).toEqual([
      { index: 2, reason: 'shorewall6 has never been started on this machine' },
      { index: 3, reason: 'shorewall6 has never been started on this machine' },
    ]);
    expect(logger.lines.map(({ event }) => event)).toEqual(['family-unavailable']);

    shorewall.run('shorewall6', 'start');
    expect(await change(one, 'add', ...bans)).toEqual([]);
    expect(await targetsOf(one)).toEqual([...bans].sort());
  });

  it('removes nothing for good that a reload of shorewall brings back at the same time', async () => {
    await prepare('Yes');
    shorewall.start();
    const one = action({ families: [4] });
    const many = Array.from({ length: 40 }, (_, n) => `198.18.0.${n + 1}`);
    await change(one, 'add', ...many);
    let isReloading = true;
    const reloads = (async () => {
      for (let times = 0; times < 8; times++) {
        await shorewall.commands.run(['shorewall', 'reload']);
      }
      isReloading = false;
    })();

    const gone: Target[] = [];
    const left = [...many];
    let refusals = 0;
    while (isReloading && left.length > 0) {
      const target = left.shift() ?? '';
      const refused = await change(one, 'remove', target).catch(() => ['not known']);
      if (refused.length === 0) gone.push(target);
      else {
        refusals++;
        left.push(target);
      }
      await sleep(20);
    }
    await reloads;

    expect(gone).not.toEqual([]);
    expect(refusals).toBeGreaterThan(0);
    const there = new Set(await targetsOf(one));
    expect(gone.filter((target) => there.has(target))).toEqual([]);
  });

  it('is unavailable where neither was ever started', async () => {
    await prepare('Yes');

    expect(await action().list(signal)).toMatchObject({
      state: 'unavailable',
      reason: 'shorewall has never been started on this machine',
    });
  });
});
