import { describe, expect, it } from 'vitest';
import { PatternSet } from '../src/pattern-set.ts';

const setOf = (...templates: readonly string[]): PatternSet =>
  new PatternSet({ patterns: templates.map((template, index) => ({ id: `p${index}`, template })) });

describe(PatternSet, () => {
  it.each([
    ['to {address}', 'to 192.0.2.1', '192.0.2.1'],
    ['to {address}', 'to 2001:db8::1', '2001:db8::1'],
    ['to {address}', 'to ::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['to {address}', 'to ::', '::'],
    ['to {address}', 'to 2001:db8::', '2001:db8::'],
    ['to {address}', 'to 2001:db8:1:', undefined],
    ['to {address}', 'to 1:2:3', undefined],
    ['to {address}', 'to 192.0.2.1%eth0', undefined],
    ['to {address}', 'to fe80::1%eth0', undefined],
    ['to {address:scoped-address}', 'to fe80::1%eth0', 'fe80::1'],
    ['to {address:scoped-address}', 'to 192.0.2.1%eth0', undefined],
    ['to {address}', 'to 192.0.2.1 ', undefined],
    ['to {address}', ' to 192.0.2.1', undefined],
    ['[a |b ]{address}', 'b ::1', '::1'],
    ['[a |b ]{address}', '::1', '::1'],
    ['\\{{address}\\}', '{::1}', '::1'],
    ['{a:word except x|y*} {address}', 'x ::1', undefined],
    ['{a:word except x|y*} {address}', 'xx ::1', '::1'],
    ['{a:word except x|y*} {address}', 'yy ::1', undefined],
    ['{address}: {a:text without " for "}', '::1: x for y', undefined],
    ['{address}: {a:text without " for "}', '::1: x fory', '::1'],
    ['{a:text without "^" or "-" or "]"}/{address}', 'a-/::1', undefined],
    ['{a:text without "^" or "-" or "]"}/{address}', 'a.\\/::1', '::1'],
    ['ü {address}', Buffer.from('ü ::1', 'utf8').toString('latin1'), '::1'],
  ])('reads with %j from %j', (template, message, address) => {
    expect(setOf(template).match(message)?.address).toBe(address);
  });

  it('makes no filter of what has two readings', () => {
    const set = setOf('locked {user:text} from {address}: {reason:rest}');

    expect(() => set.asFilter()).toThrow(/the pattern "p0": it has two readings: in "locked /);
    expect(() => setOf('locked {user:text} from {address}').asFilter()).not.toThrow();
  });

  it('says which account was tried', () => {
    const set = setOf('login of [invalid user ]{user:text} from {address}');

    expect(set.match('login of invalid user a b from 192.0.2.1')).toEqual({
      address: '192.0.2.1',
      user: 'a b',
    });
    expect(set.match('login of a from 203.0.113.9 from 192.0.2.1')).toEqual({
      address: '192.0.2.1',
      user: 'a from 203.0.113.9',
    });
  });

  it.each([
    [
      ['one {address}', 'other {word} {address}'],
      ['one ', 'other '],
    ],
    [['[a|b] c {address}'], ['a c ', 'b c ', ' c ']],
    [['(a|ab){address}', 'abc {address}'], ['a']],
    [['{address} x', 'one {address}'], undefined],
    [['[{word} ]x {address}'], undefined],
  ])('derives from %j what messages begin with', (templates, prefixes) => {
    expect(setOf(...templates).prefixes).toEqual(prefixes);
  });

  it('tries the patterns in their order, whatever they begin with', () => {
    const set = setOf('ab {user:word} {address}', '{user:word without "-"} x {address}');

    expect(set.match('ab x ::1')?.user).toBe('x');
    expect(set.match('cd x ::1')?.user).toBe('cd');
    expect(set.match('a')).toBeUndefined();
    expect(set.match('')).toBeUndefined();
  });

  it('leaves out what it is told to, and says so', () => {
    const set = new PatternSet(
      { patterns: [{ id: 'ban', template: '[{jail:text without "]"}: ]ban {address}' }] },
      { except: { jail: ['own', 'bücher'] } },
    );

    expect(set.match('other: ban ::1')).toEqual({ address: '::1' });
    expect(set.match('ban ::1')).toEqual({ address: '::1' });
    expect(set.match('own: ban ::1')).toBeUndefined();
    expect(set.explain('own: ban ::1')).toEqual([
      {
        pattern: 'ban',
        matched: false,
        reached: 0,
        wanted: 'a jail that the option except does not name',
      },
    ]);
    expect(set.match(Buffer.from('bücher: ban ::1', 'utf8').toString('latin1'))).toBeUndefined();
  });

  it('asks each pattern for its programs only', () => {
    const set = new PatternSet({
      patterns: [
        { id: 'a', template: 'no {address}', programs: ['x'] },
        { id: 'b', template: 'no {user:word} {address}', programs: [null] },
      ],
    });

    expect(set.match('no ::1', 'x')).toBeDefined();
    expect(set.match('no ::1')).toBeUndefined();
    expect(set.match('no bob ::1')).toBeDefined();
    expect(set.explain('no ::1')[0]).toMatchObject({ reached: 0, wanted: '"x"' });
  });

  it('names the option that would have matched', () => {
    const set = new PatternSet(
      {
        patterns: [
          { id: 'a', template: 'a {address}' },
          { id: 'b', template: 'b {address}', mode: 'more' },
          { id: 'c', template: 'c {address}', mode: 'more' },
        ],
      },
      { isOn: ({ mode }) => mode === undefined, wantedFor: ({ mode }) => `the mode ${mode}` },
    );

    expect(set.match('b ::1')).toBeUndefined();
    expect(set.explain('b ::1')).toMatchObject([
      { pattern: 'a', matched: false },
      { pattern: 'b', matched: false, reached: 5, wanted: 'the mode more' },
    ]);
  });

  it.each([
    ['to {address} port {port}', 'to 192.0.2.1 port x', 'x', 'a port'],
    ['to {address}', 'to 1:2:3', '1:2:3', 'an address'],
    ['of {user:text} from {address}', 'of a from host', 'host', 'an address'],
    ['of {user:text} from {address}', 'of a', 'END', 'text or " from "'],
    ['of {u:word except none} {address}', 'of none ::1', 'none', 'a word other than none'],
    ['{address}: {t:text without "ab"}', '::1: xab', 'b', 'text without "ab" or the end'],
    ['{address}( x| y)', '::1 z', 'z', '" x" or " y"'],
  ])('says where %j stopped in %j', (template, message, at, wanted) => {
    const [trial] = setOf(template).explain(message);

    const reached = at === 'END' ? message.length : message.lastIndexOf(at);
    expect(trial).toEqual({ pattern: 'p0', matched: false, reached, wanted });
  });

  it('takes linear time for what it refuses', () => {
    const set = setOf('of {user:text} from {address} port {port}[ x]', '{a:word} {rest} {address}');
    const cost = (length: number) => {
      const message = `of ${' from 192.0.2.1 port 22'.repeat(length)}!`;
      const before = performance.now();
      set.match(message);
      return performance.now() - before;
    };

    cost(1000);
    expect(cost(50_000)).toBeLessThan(500);
  });
});
