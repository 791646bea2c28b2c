import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPatterns } from '../src/check-patterns.ts';

const problemsOf = (...templates: readonly string[]): readonly string[] =>
  checkPatterns({
    patterns: templates.map((template, index) => ({ id: `p${index}`, template })),
  }).map(({ message }) => message);

describe(checkPatterns, () => {
  it.each([
    'login of {user:text} from {address} failed',
    'login of {user:text} from {address} port {port}[ ssh2]',
    'login from {address}: {rest}',
    '{user:text}: refused, {address}',
    '[error: |fatal: ]{address} gone',
    'client {address}, request: "{request:text}"',
    'user {user:text without ":"} from {address} port {port}: {reason:rest}',
    '[{host:word} ]\\[{address}\\]: bye',
    'a ({address} is|{user:word} at {address} was) refused',
    'rhost={address} user={user:text}',
    'from {address}[ via {local:text}] as {user:text}',
  ])('proves %j', (template) => {
    expect(problemsOf(template)).toEqual([]);
  });

  it.each([
    // The text in front may hold all that stands behind it.
    ['login of {user:text} from {address}: {rest}', 'from 203.0.113.3: from 192.0.2.1: '],
    ['({user:text} at {address}|{address} as {user:text})', '192.0.2.1'],
    // A port may be read as the last piece of a v6 address.
    ['from {address}[:{port}] closed', 'from '],
    ['{a:word} [{b:word} ]{address}[ {c:word}]', undefined],
  ])('refuses %j', (template, example) => {
    const [problem = 'none', ...others] = problemsOf(template);

    expect(others).toEqual([]);
    if (example === undefined) expect(problem).not.toBe('none');
    else expect(problem).toMatch(/two readings|grows faster/);
    if (problem.includes('two readings')) expect(problem).toContain(example ?? '');
  });

  it('shows a line with two readings and both addresses', () => {
    expect(problemsOf('login of {user:text} from {address}: {rest}')).toEqual([
      expect.stringMatching(
        /^it has two readings: in "login of {2}from 203\.0\.113\.3: {1,2}from 192\.0\.2\.1: " the address may be (203\.0\.113\.3 or 192\.0\.2\.1|192\.0\.2\.1 or 203\.0\.113\.3);/,
      ),
    ]);
  });

  it('refuses what takes more than linear time', () => {
    expect(problemsOf('{a:text} by {b:text} from {address}')).toEqual([
      expect.stringContaining('grows faster than the line'),
    ]);
    expect(problemsOf('{a:text without "="} = {b:text} from {address}')).toEqual([]);
  });

  it('refuses two patterns that blame different addresses in one line', () => {
    const [problem] = problemsOf(
      'refused {address} for {name:text}',
      'refused {name:word} for {address}',
    );

    expect(problem).toContain('is also one of "p0", which blames');
  });

  it('lets two patterns share a line in which they blame the same', () => {
    expect(problemsOf('from {address} port {port}', 'from {address} port {number}')).toEqual([]);
  });

  it('refuses a last repetition that can fail because of what it does not hold', () => {
    expect(problemsOf('{address}: {a:text} x{b:rest without "zz"}')).toEqual([
      expect.stringMatching(/linear|slow|share/),
    ]);
    expect(problemsOf('{address}: {a:text} x{b:rest}')).toEqual([]);
  });

  it('compares patterns of different programs not at all', () => {
    const problems = checkPatterns({
      patterns: [
        { id: 'a', template: '{address} {word}', programs: ['x'] },
        { id: 'b', template: '{word} {address}', programs: [null, 'y'] },
      ],
    });

    expect(problems).toEqual([]);
  });

  it.each([
    ['no address', 'no reading'],
    ['maybe [{address}]', 'not every reading'],
    ['{address} to {address}', 'more than one'],
    ['(from {address}|nobody)', 'not every reading'],
    ['{address:word} refused', 'the one that is blamed'],
  ])('refuses the address in %j', (template, message) => {
    expect(problemsOf(template)).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    ['a {user:texd} {address}', 2, '"texd" is no type: did you mean "text"?'],
    ['a {usr} {address}', 2, '"usr" is no type and no part'],
    ['a {user:number without "1"} {address}', 2, 'goes with text and word only'],
    ['a {user:text except bob} {address}', 2, 'whole words'],
    ['a [b {address}', 2, '"[" is not closed'],
    ['a ] {address}', 2, 'write "\\]"'],
    ['a | {address}', 2, 'write "\\|"'],
    ['a {address', 2, '"{" is not closed'],
    ['a \\n {address}', 2, 'a backslash stands before'],
    ['a {} {address}', 2, 'is no capture'],
    ['a {address}\n', 11, 'a line end'],
    ['a {loop} {address}', 2, 'contains itself'],
    ['a {bad} {address}', 2, 'in the part "bad": "[" is not closed'],
  ])('says where %j is wrong', (template, offset, message) => {
    const problems = checkPatterns({
      parts: { loop: 'x {loop}', bad: '[' },
      patterns: [{ id: 'one', template }],
    });

    expect(problems).toEqual([
      { index: 0, key: 'template', offset, message: expect.stringContaining(message) },
    ]);
  });

  it('refuses parts that make a template endless', () => {
    const names = [...'abcdefghijklmnopqrstuvwxyz'];
    const parts = Object.fromEntries(
      names.map((name, index) => [`p${name}`, `{p${names[index + 1] ?? 'end'}}`.repeat(2)]),
    );
    const problems = checkPatterns({
      parts: { ...parts, pend: 'x' },
      patterns: [{ id: 'one', template: '{pa}{address}' }],
    });

    expect(problems).toEqual([
      expect.objectContaining({ message: expect.stringContaining('more than 4000 pieces') }),
    ]);
  });

  it('refuses what cannot be proven in a reasonable time', () => {
    const before = performance.now();
    const [problem] = problemsOf(`${'[{u:word}]'.repeat(300)} {address}`);

    expect(problem).toMatch(/too large to be proven|grows faster/);
    const [other] = problemsOf(`${'[a]'.repeat(700)}{address}`);
    expect(other).toContain('too large to be proven');
    expect(performance.now() - before).toBeLessThan(30_000);
  }, 60_000);

  it('never fails in another way, whatever is written', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      '|',
      '\\',
      '{address}',
      '{a:text}',
      '{w:word}',
      'x ',
    ];
    const arbTemplate = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 12 })
      .map((parts) => parts.join(''));

    fc.assert(
      fc.property(arbTemplate, arbTemplate, (one, other) => {
        const before = performance.now();
        checkPatterns({
          patterns: [
            { id: 'a', template: one },
            { id: 'b', template: other },
          ],
        });
        expect(performance.now() - before).toBeLessThan(2_000);
      }),
      { numRuns: 2_000 },
    );
  }, 60_000);

  it('wants names that can be used, once each', () => {
    const problems = checkPatterns({
      patterns: [
        { id: 'a', template: 'a {address}' },
        { id: 'a', template: 'b {address}' },
        { id: 'A b', template: 'c {address}' },
      ],
    });

    expect(problems.map(({ index, key }) => [index, key])).toEqual([
      [1, 'id'],
      [2, 'id'],
    ]);
  });
});
