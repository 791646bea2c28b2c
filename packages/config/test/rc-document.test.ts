import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RcDocument } from '../src/rc-document.ts';
import { built } from './support.ts';

function problemsOf(text: string): readonly string[] {
  return new RcDocument(text, 'f').problems.map(
    ({ location, message }) => `${location?.line}:${location?.column} ${message}`,
  );
}

describe(RcDocument.name, () => {
  it.each([
    ['a: [1', /^1:6 flow sequence/],
    ['a: 1\n b: 2', /^1:/],
    ['a: "x', /missing closing/],
    ['%YAML 1.1\n---\na: 010', /asks for YAML 1\.1, wanted YAML 1\.2/],
    ['a: 1\n---\na: 2', /^2:1 a second document begins here, wanted one/],
    ['a: !!binary aGk=', /tag/],
    ['? [a]\n: 1', /keys must be/],
    ['a: *b', /^1:4 nothing before it is called &b/],
    ['a: &a [*a]', /nested too deeply/],
  ])('refuses %j', (text, message) => {
    expect(problemsOf(text)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
  });

  it('refuses what is nested too deeply', () => {
    const blocks = Array.from({ length: 150 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('');

    expect(problemsOf('['.repeat(20_000))).toEqual(['1:1 is nested too deeply']);
    expect(problemsOf(`${blocks}${' '.repeat(150)}a: 1`)).toEqual([
      expect.stringMatching(/^\d+:\d+ is nested too deeply/),
    ]);
  });

  it('names a file of many syntax errors once, not a thousand times', () => {
    expect(problemsOf('"'.repeat(10_000)).length).toBeLessThanOrEqual(10);
  });

  it.each([
    ['a: 10', 10],
    ['a: -3', -3],
    ['a: 1.5', 1.5],
    ['a: 010', '010'],
    ['a: 0x1f', '0x1f'],
    ['a: 0o17', '0o17'],
    ['a: 1e3', '1e3'],
    ['a: 1_000', '1_000'],
    ['a: +5', '+5'],
    ['a: 3.0', '3.0'],
    ['a: .inf', '.inf'],
    ['a: .nan', '.nan'],
    ['a: 1w', '1w'],
    ['a: yes', 'yes'],
    ['a: true', true],
    ['a: 2026-01-01', '2026-01-01'],
    ['a: 10:30', '10:30'],
    ['a: !!str 10', '10'],
    ['{"a": "x"}', 'x'],
    ['\ufeffa: 1', 1],
  ])('reads %j', (text, value) => {
    const document = new RcDocument(text, 'f');

    expect(document.problems).toEqual([]);
    expect(document.value).toEqual({ a: value });
  });

  it('lets aliases repeat a little and not without bound', () => {
    const levels = 'bcdefg'.split('').map((name, index) => {
      const before = index === 0 ? 'a' : 'bcdefg'.charAt(index - 1);
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`;
    });

    expect(problemsOf('a: &a [1]\nb: *a')).toEqual([]);
    expect(problemsOf(`a: &a [1]\n${levels.join('\n')}`)).toEqual([
      expect.stringContaining('repeats too much by aliases'),
    ]);
  });

  it('means by an alias the last anchor before it', () => {
    const document = new RcDocument('a: &x 1\nb: *x\nc: &x 2\nd: *x', 'f');

    expect(document.value).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });

  it('does not take an anchor inside of what an alias repeats for one that stands there', () => {
    const document = new RcDocument('a: &x [&y 1]\nb: &y 2\nc: *x\nd: *y', 'f');

    expect(document.value).toMatchObject({ c: [1], d: 2 });
  });

  it('leaves prototypes alone', () => {
    new RcDocument('__proto__: { polluted: 1 }\nconstructor: { prototype: { polluted: 1 } }', 'f');

    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('does not grow slow with the square of the keys or aliases', () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1\n`).join('');
    const same = 'a: 1\n'.repeat(20_000);
    const aliases = `x: &a 1\ny: [${'*a,'.repeat(20_000)}]`;

    for (const text of [keys, same, aliases]) built(`version: 1\n${text}`);
  }, 20_000);
});

describe('any text', () => {
  const word = fc.constantFrom(
    'version',
    'jails',
    'sshd',
    'filter',
    'sources',
    'defaults',
    'neverBan',
    'plugins',
    'fuse',
    '__proto__',
    'constructor',
    'toString',
    ': ',
    ':\n  ',
    '- ',
    '\n',
    '\n    ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '&a ',
    '*a',
    '!!str ',
    '"',
    "'",
    '|\n ',
    '1',
    '010',
    '10m',
    'forever',
    '#',
    '? ',
    '%YAML 1.1',
    '<<',
    '---\n',
    '\t',
    '\u0000',
    '\ud800',
    '$import',
    'escalation',
    'null',
    '~',
  );
  const yaml = fc.oneof(
    fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
    fc
      .array(word, { maxLength: 30 })
      .map((words) => `version: 1\njails:\n  sshd: ${words.join('')}`),
    fc.json().map((json) => json.replace('{', '{"version": 1, ')),
    fc.string({ unit: 'binary' }),
  );

  it('never throws, and every problem has a place', () => {
    fc.assert(
      fc.property(yaml, yaml, (main, dropIn) => {
        const { problems } = built(main, { 'a.yaml': dropIn });

        for (const { location, message } of problems) {
          expect(location?.line).toBeGreaterThanOrEqual(1);
          expect(message).not.toMatch(/\n|undefined|\[object|Invalid input/);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
