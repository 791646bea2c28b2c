import type { Filter } from '@remand/api';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.ts';

type Written = Readonly<Record<string, unknown>>;

function problemsIn(written: Written): readonly string[] {
  const result = plugin.options['~standard'].validate(written);
  if (result instanceof Promise) throw new Error('the schema is synchronous');
  return (result.issues ?? []).map(({ path = [], message }) => `${path.join('.')}: ${message}`);
}

function filterOf(written: Written): Filter {
  const result = plugin.options['~standard'].validate(written);
  if (result instanceof Promise || result.issues) throw new Error(problemsIn(written).join('\n'));
  return plugin.create({ options: result.value });
}

const shop = {
  programs: ['shop'],
  parts: { who: '{user:text} from {address}' },
  patterns: [
    'login of {who} failed',
    { id: 'locked', template: 'account of {who} is locked', versions: '2.0-' },
  ],
  except: { user: ['monitor', 'bücher'] },
};

const sample = (line: string, more: Written = {}): Written => ({
  ...shop,
  samples: { match: [{ line, address: '203.0.113.7', ...more }] },
});

describe('the filter patterns', () => {
  it('matches what its templates say', () => {
    const filter = filterOf(shop);
    const line = { program: 'shop', pid: 1 };

    expect(filter.programs).toEqual(['shop']);
    expect(filter.prefixes).toEqual(['login of ', 'account of ']);
    expect(filter.match('login of bob from 203.0.113.7 failed', line)).toEqual({
      address: '203.0.113.7',
      user: 'bob',
    });
    expect(filter.match('login of bob from 203.0.113.7 worked', line)).toBeUndefined();
    expect(filter.match('login of monitor from 203.0.113.7 failed', line)).toBeUndefined();
    const utf8 = Buffer.from('login of bücher from 203.0.113.7 failed', 'utf8').toString('latin1');
    expect(filter.match(utf8, line)).toBeUndefined();
    expect(filter.explain?.('account of x', line).map(({ pattern }) => pattern)).toEqual([
      'pattern-1',
      'locked',
    ]);
  });

  it('needs no programs, and no literal at the beginning', () => {
    const filter = filterOf({ patterns: ['{user:word} {address}'] });

    expect(filter.programs).toBeUndefined();
    expect(filter.prefixes).toBeUndefined();
    expect(filter.match('a ::1', { program: undefined, pid: undefined })).toBeDefined();
  });

  it.each<[Written, string]>([
    [{ patterns: [] }, 'patterns: at least one pattern, or one of regexes'],
    [{ patterns: ['{address} {'] }, 'patterns.0: at character 11: "{" is not closed'],
    [{ patterns: [{ template: 'x' }] }, 'patterns.0.template: no reading of the template has'],
    [
      { patterns: ['a {address}', 'x {user:text} {address}: {rest}'] },
      'patterns.1: it has two readings: in "x ',
    ],
    [
      { patterns: [{ id: 'Bad Id', template: 'x {address}' }] },
      'patterns.0.id: "Bad Id" is no name',
    ],
    [{ patterns: ['{address}'], exept: {} }, ': Unrecognized key: "exept"'],
    [
      { patterns: ['{address}'], except: { usr: ['x'] } },
      'except.usr: no template has a capture {usr:…}',
    ],
  ])('refuses %j', (written, problem) => {
    const [first = 'nothing', ...others] = problemsIn(written);
    expect(first).toContain(problem);
    expect(others).toEqual([]);
  });

  it.each([
    ['login of bob from 203.0.113.7 failed', {}],
    ['Nov 24 10:00:00 web shop[812]: login of bob from 203.0.113.7 failed', { user: 'bob' }],
    ['2026-11-24T10:00:00Z web shop: login of bob from 203.0.113.7 failed', {}],
    ['login of bób from 203.0.113.7 failed', { user: 'bób', pattern: 'pattern-1' }],
  ])('is content with the sample %j', (line, more) => {
    expect(problemsIn(sample(line, more))).toEqual([]);
  });

  it.each([
    [
      'login of bob from host failed',
      {},
      'samples.match.0.line: it is no match: pattern-1 got to character 19, wanted an address',
    ],
    ['login of bob from 203.0.113.8 failed', {}, 'samples.match.0.address: it blames 203.0.113.8'],
    [
      'login of bob from 203.0.113.7 failed',
      { user: 'eve' },
      'samples.match.0.user: its user is "bob"',
    ],
    [
      'login of bob from 203.0.113.7 failed',
      { pattern: 'locked' },
      'samples.match.0.pattern: it is taken by pattern-1',
    ],
    [
      'cancelled',
      { pattern: 'locked' },
      'samples.match.0.line: it is no match: locked got to character 1, wanted "account of "',
    ],
  ])('says what is wrong with the sample %j', (line, more, problem) => {
    expect(problemsIn(sample(line, more))).toEqual([problem]);
  });

  const line = 'Nov 24 10:00:00 web shop[812]: login of bob from 203.0.113.7 failed';

  it('reads the header of a sample as a daemon does, whatever the filter says of programs', () => {
    const { programs: _none, ...any } = shop;
    const iso = line.replace('Nov 24 10:00:00', '2026-11-24T10:00:00.123+01:00');
    const match = [line, iso].map((one) => ({ line: one, address: '203.0.113.7' }));

    expect(problemsIn({ ...any, samples: { match } })).toEqual([]);
    expect(problemsIn({ ...shop, programs: ['sh*'], samples: { match } })).toEqual([]);
    expect(problemsIn({ ...any, samples: { noMatch: [line] } })).toEqual([
      'samples.noMatch.0: it is a match: pattern-1 blames 203.0.113.7',
    ]);
  });

  it('says of which program a sample is that it does not read', () => {
    expect(problemsIn({ ...sample(line), programs: ['gate'] })).toEqual([
      'samples.match.0.line: it is no match: the line is of shop, the filter reads gate',
    ]);
    expect(problemsIn({ ...shop, programs: ['shop[812]'] })).toEqual([
      expect.stringMatching(/^programs\.0: wanted the name as it stands before \[pid\]/),
    ]);
  });

  it('finds the tag of its program in a line of another form', () => {
    for (const head of ['2026-11-24 10:00:00 web ', 'web ', '']) {
      expect(problemsIn(sample(`${head}shop[812]: login of bob from 203.0.113.7 failed`))).toEqual(
        [],
      );
    }
  });

  it('counts no line of another program as the end of a conversation', () => {
    const lines = [line, line.replace('shop', 'gate')];

    expect(
      problemsIn({ ...shop, samples: { match: [{ line: lines, address: '203.0.113.7' }] } }),
    ).toEqual(['samples.match.0.line: it is no match: the line is of gate, the filter reads shop']);
  });

  it('says nothing of a brace that only the structure has', () => {
    const structure = { format: 'json', fields: ['ip'] };
    const samples = { match: [{ line: '{"ip":"nobody"}', address: '::1' }] };

    expect(problemsIn({ structure, patterns: ['{address}'], samples })).toEqual([
      'samples.match.0.line: it is no match: pattern-1 got to character 1, wanted an address',
    ]);
  });

  it('says how a template has a parenthesis of the line', () => {
    const samples = { match: [{ line: 'refused (3) ::1', address: '::1' }] };

    expect(problemsIn({ patterns: ['refused (3) {address}'], samples })).toEqual([
      expect.stringMatching(
        /got to character 9, wanted "3"; a template has "\(" of the line as "\\\("/,
      ),
    ]);
  });

  it('reads the fields of structures, in samples too', () => {
    const line = '{"user":"bob","client":{"ip":"203.0.113.7"},"status":401}';
    const written = {
      structure: { format: 'json', fields: ['client.ip', 'status', 'user'] },
      patterns: ['{address}\\|401\\|{user:text}'],
      samples: {
        match: [{ line, address: '203.0.113.7', user: 'bob' }],
        noMatch: [line.replace('401', '200'), 'words'],
      },
    };

    expect(problemsIn(written)).toEqual([]);
    const filter = filterOf(written);
    expect(filter.match(line, { program: undefined, pid: undefined })).toEqual({
      address: '203.0.113.7',
      user: 'bob',
    });
    expect(problemsIn({ ...written, structure: { format: 'xml', fields: ['a'] } })).toHaveLength(1);
    const wrong = { match: [{ line: line.replace('401', '403'), address: '203.0.113.7' }] };
    expect(problemsIn({ ...written, samples: wrong })).toEqual([
      expect.stringMatching(/^samples\.match\.0\.line: it is no match/),
    ]);
  });

  it('joins the lines of a conversation, in samples too', () => {
    const door = {
      programs: ['door'],
      patterns: [
        { tells: 'address', template: 'connect from {address}' },
        { tells: 'offence', template: '[{conversation:number}: ]login of {user:text} failed' },
        { tells: 'end', template: 'disconnect' },
      ],
    };
    const match = (...lines: readonly string[]) => ({
      ...door,
      samples: { match: [{ line: lines, address: '::1', user: 'bob' }] },
    });
    const filter = filterOf(door);
    const line = { program: 'door', pid: 7 };

    expect(filter.prefixes).toBeUndefined();
    expect(filter.match('connect from ::1', line)).toBeUndefined();
    expect(filter.converse?.('connect from ::1', line)).toEqual({
      conversation: '7',
      address: '::1',
    });
    expect(filter.converse?.('12: login of x failed', line)).toEqual({
      conversation: '12',
      user: 'x',
      offence: true,
    });
    expect(filter.converse?.('disconnect', line)).toEqual({ conversation: '7', ends: true });
    expect(filter.converse?.('disconnect', { program: 'door', pid: undefined })).toBeUndefined();
    expect(problemsIn(match('connect from ::1', 'login of bob failed'))).toEqual([]);
    expect(problemsIn(match('login of bob failed', 'connect from ::1'))).toEqual([]);
    expect(problemsIn(match('connect from ::1'))).toEqual([
      expect.stringContaining('samples.match.0.line: it is no match'),
    ]);
    expect(problemsIn({ patterns: [{ tells: 'end', template: 'bye {address}' }] })).toEqual([
      expect.stringContaining('what tells only "end" has no {address}'),
    ]);
  });

  it('says which line matches that must not', () => {
    const noMatch = ['login of x from ::1 worked', 'login of x from ::1 failed'];

    expect(problemsIn({ ...shop, samples: { noMatch } })).toEqual([
      'samples.noMatch.1: it is a match: pattern-1 blames ::1',
    ]);
  });
});
