import { type Action, type Change, CommandError } from '@remand/api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Namespace } from '../../../test/support/namespace.ts';
import { needs } from '../../../test/support/needs.ts';
import { IpsetAction } from '../src/ipset-action.ts';
import { type Options, options } from '../src/options.ts';

const { signal } = new AbortController();
const hour = 3_600_000;

needs(
  'root',
  'ip',
  'ipset',
)(IpsetAction.name, () => {
  let namespace: Namespace;

  beforeEach(() => {
    namespace = new Namespace();
  });

  afterEach(() => namespace.remove());

  const ipset = (...args: readonly string[]) => namespace.exec('ipset', ...args);

  function create(given: Partial<Options>): Action {
    const parsed = options.parse(given);
    const list = `ipset/${given.set}+${given.set6}`;
    return new IpsetAction({ list, options: parsed, commands: namespace.commands });
  }

  async function failure(work: Promise<unknown>): Promise<CommandError> {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(CommandError);
    return error as CommandError;
  }

  const add = (target: string, timeoutMs: number | null = hour): Change => ({
    op: 'add',
    target,
    timeoutMs,
  });
  const remove = (target: string): Change => ({ op: 'remove', target, timeoutMs: null });

  it.each([
    ['hash:ip', [], { families: [4], ranges: false, maxEntries: 65_536, maxTimeoutMs: 0 }],
    [
      'hash:net',
      ['maxelem', '7', 'timeout', '60'],
      { families: [4], ranges: true, maxEntries: 7, maxTimeoutMs: 2_147_483_000 },
    ],
  ])('reads its limits off a %s', async (type, words, limits) => {
    ipset('create', 'blocked', type, ...words);
    const action = create({ set: 'blocked' });

    await action.start(signal);

    expect(action.limits).toEqual(limits);
  });

  it('sees what others enter, and notices that a set was made anew as another', async () => {
    ipset('create', 'blocked', 'hash:net', 'timeout', '0');
    ipset('add', 'blocked', '198.51.100.9');
    ipset('add', 'blocked', '203.0.113.0/24', 'timeout', '60');
    const action = create({ set: 'blocked' });
    await action.start(signal);

    const before = await action.list(signal);
    ipset('destroy', 'blocked');
    ipset('create', 'blocked', 'hash:ip');
    await action.list(signal);

    expect(before).toMatchObject({
      state: 'known',
      entries: expect.arrayContaining([
        { target: '198.51.100.9', remainingMs: null },
        { target: '203.0.113.0/24', remainingMs: expect.closeTo(60_000, -4) },
      ]),
    });
    expect(action.limits).toMatchObject({ ranges: false, maxTimeoutMs: 0 });
  });

  it('names an address that ends like one of IPv4 as the kernel does', async () => {
    ipset('create', 'blocked6', 'hash:net', 'family', 'inet6');
    const action = create({ set6: 'blocked6' });
    await action.start(signal);

    await action.apply([add('::102:304', null), add('::102:300/120', null)], signal);

    const listing = await action.list(signal);
    expect(ipset('save', 'blocked6')).toContain('::1.2.3.4');
    expect(listing).toMatchObject({ state: 'known' });
    expect('entries' in listing && listing.entries.map(({ target }) => target).sort()).toEqual([
      '::102:300/120',
      '::102:304',
    ]);
  });

  it('spares an exception of the administrator, and never takes it for a ban', async () => {
    ipset('create', 'blocked', 'hash:net', 'comment');
    ipset('add', 'blocked', '198.51.100.0/24', 'comment', 'not nomatch timeout 5');
    ipset('add', 'blocked', '198.51.100.7', 'nomatch');
    const saved = ipset('save');
    const action = create({ set: 'blocked' });
    await action.start(signal);

    const listing = await action.list(signal);
    const { refused } = await action.apply([add('198.51.100.7'), remove('198.51.100.7')], signal);

    expect(listing).toEqual({
      state: 'known',
      entries: [{ target: '198.51.100.0/24', remainingMs: null }],
    });
    const reason = 'the set blocked has 198.51.100.7 as an exception (nomatch)';
    expect(refused).toEqual([
      { index: 0, reason },
      { index: 1, reason },
    ]);
    expect(ipset('save')).toBe(saved);
  });

  it('refuses of a batch only what does not fit its set', async () => {
    ipset('create', 'blocked', 'hash:ip', 'timeout', '0');
    ipset('create', 'blocked6', 'hash:net', 'family', 'inet6', 'timeout', '0');
    ipset('add', 'blocked', '203.0.113.7');
    const action = create({ set: 'blocked', set6: 'blocked6' });
    await action.start(signal);

    const { refused } = await action.apply(
      [add('203.0.113.0/24'), add('198.51.100.1'), remove('203.0.113.0/24'), add('2001:db8::/64')],
      signal,
    );

    expect(refused.map(({ index }) => index)).toEqual([0, 2]);
    expect(refused[0]?.reason).toContain('the set blocked is a hash:ip');
    expect(
      ipset('save', 'blocked')
        .match(/^add .*$/gm)
        ?.sort(),
    ).toEqual([expect.stringContaining('198.51.100.1 '), 'add blocked 203.0.113.7 timeout 0']);
    expect(ipset('save', 'blocked6')).toContain('2001:db8::/64');
  });

  it('leaves the counting to the daemon where only one of two sets counts', async () => {
    ipset('create', 'blocked', 'hash:ip', 'timeout', '60');
    ipset('create', 'blocked6', 'hash:net', 'family', 'inet6');
    ipset('add', 'blocked', '198.51.100.9');
    const action = create({ set: 'blocked', set6: 'blocked6' });
    await action.start(signal);

    await action.apply([add('198.51.100.1', null), add('2001:db8::/64', null)], signal);

    expect(action.limits.maxTimeoutMs).toBe(0);
    expect(ipset('save', 'blocked')).toContain('add blocked 198.51.100.1 timeout 0');
    expect(await action.list(signal)).toEqual({
      state: 'known',
      entries: [
        { target: '198.51.100.1', remainingMs: null },
        { target: '2001:db8::/64', remainingMs: null },
      ],
    });
  });

  it('fails a batch that a full set stops, with what to do', async () => {
    ipset('create', 'blocked', 'hash:ip', 'maxelem', '2');
    const action = create({ set: 'blocked' });
    await action.start(signal);
    const many = ['198.51.100.1', '198.51.100.2', '198.51.100.3'].map((one) => add(one, null));

    const error = await failure(action.apply(many, signal));

    expect(error.message).toContain('Hash is full');
    expect(error.hint).toContain('maxelem');
  });

  it('says of a missing set how to make it, or makes it when told, and leaves it', async () => {
    const error = await failure(create({ set: 'blocked' }).start(signal));
    expect(error.message).toBe('there is no set blocked');
    const [, command = ''] = /^`([^`]+)`/.exec(error.hint ?? '') ?? [];
    const listing = await create({ set: 'blocked' }).list(signal);
    expect(listing).toMatchObject({ state: 'unavailable', hint: error.hint });
    namespace.exec(...command.split(' '));
    await create({ set: 'blocked' }).start(signal);

    const action = create({ set: 'made', set6: 'made6', create: true });
    await action.start(signal);
    await action.apply([add('198.51.100.0/24'), add('2001:db8::/64')], signal);
    await action.flush(signal);

    expect(ipset('save', 'made')).toMatch(
      /^add made 198\.51\.100\.0\/24 timeout 3(?:600|59[0-9])\n/m,
    );
    expect(ipset('save', 'made6')).toContain('add made6 2001:db8::/64 timeout 3');
  });

  it.each([
    [['hash:ip', 'netmask', '24'], 'the set odd has a netmask of 24'],
    [['hash:ip,port'], 'the set odd is of the type hash:ip,port'],
    [['bitmap:ip', 'range', '198.51.100.0/24'], 'the set odd is of the type bitmap:ip'],
    [['list:set'], 'the set odd is of the type list:set'],
    [['hash:net', 'family', 'inet6'], 'the set odd is of the family inet6, not inet'],
  ])('does not use a set that is %j', async (words, message) => {
    ipset('create', 'odd', ...words);
    const action = create({ set: 'odd' });

    const error = await failure(action.start(signal));

    expect(error.message).toBe(message);
    expect(error.hint).toContain('hash:net family inet');
    expect(await action.list(signal)).toMatchObject({ state: 'unavailable', reason: message });
  });

  it('keeps a set for one list, until that is gone', async () => {
    ipset('create', 'blocked', 'hash:ip');
    const [old, first] = [create({ set: 'blocked' }), create({ set: 'blocked' })];
    const second = create({ set: 'blocked', set6: 'other' });
    await old.start(signal);
    await first.start(signal);

    // What a reload does.
    await old.dispose?.();
    const error = await failure(second.start(signal));
    await first.dispose?.();
    const later = await failure(second.start(signal));

    expect(error.message).toBe('the set blocked is in use by the list ipset/blocked+undefined');
    expect(error.hint).toContain('the same');
    expect(later.message).toBe('there is no set other');
  });
});
