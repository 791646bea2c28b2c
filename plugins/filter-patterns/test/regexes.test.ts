import type { Filter } from '@remand/api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BudgetedRegexes } from '../src/budgeted-regexes.ts';
import plugin from '../src/index.ts';

type Written = Readonly<Record<string, unknown>>;

const line = { program: 'shop', pid: 1 };
const proven = String.raw`login of (?<user>\S+) from (?<address>\S+) failed`;
const slow = String.raw`(?<user>(?:x|xx)+) from (?<address>[\d.]+)`;

async function validated(written: Written) {
  return plugin.options['~standard'].validate(written);
}

async function problemsIn(written: Written): Promise<readonly string[]> {
  const { issues = [] } = await validated(written);
  return issues.map(({ path = [], message }) => `${path.join('.')}: ${message}`);
}

async function filterOf(written: Written): Promise<Filter> {
  const result = await validated(written);
  if (result.issues) throw new Error(JSON.stringify(result.issues));
  const filter = plugin.create({ options: result.value });
  onTestFinished(() => filter.dispose?.());
  return filter;
}

async function remarksOn(written: Written): Promise<readonly string[]> {
  const result = await validated(written);
  if (result.issues) throw new Error(JSON.stringify(result.issues));
  return plugin.remarks?.(result.value) ?? [];
}

describe('regular expressions of an administrator', () => {
  it('match whole messages, behind the templates', async () => {
    const filter = await filterOf({ patterns: ['bye {address}'], regexes: [proven] });

    expect(filter.prefixes).toBeUndefined();
    expect(filter.match('bye ::1', line)).toEqual({ address: '::1' });
    expect(filter.match('login of bob from ::1 failed', line)).toEqual({
      address: '::1',
      user: 'bob',
    });
    expect(filter.match('x login of bob from ::1 failed', line)).toBeUndefined();
    expect(filter.match('login of bob from ::1 failed x', line)).toBeUndefined();
    expect(filter.match('login of bob from host failed', line)).toBeUndefined();
    expect(filter.explain?.('login of bob from ::1 failed', line)).toMatchObject([
      { pattern: 'pattern-1', matched: false },
      { pattern: 'regex-1', matched: true },
    ]);
  });

  it('are said to run in a worker when they are not proven linear', async () => {
    const samples = { match: [{ line: 'login of x from ::1 failed', address: '::1' }] };

    expect(await remarksOn({ regexes: [proven], samples })).toEqual([]);
    expect(await remarksOn({ regexes: [proven, slow], samples })).toEqual([
      expect.stringMatching(/^regexes\[1\] runs in a worker, up to 20 ms a line: its time is expo/),
    ]);
  }, 30_000);

  it('that are not proven match all the same, one line after the other', async () => {
    const filter = await filterOf({ regexes: [slow] });

    for (let n = 0; n < 200; n++) {
      expect(filter.match(`xx from 192.0.2.${n}`, line)).toEqual({
        address: `192.0.2.${n}`,
        user: 'xx',
      });
      expect(filter.match(`xy from 192.0.2.${n}`, line)).toBeUndefined();
    }
  }, 30_000);

  it('that take too long are stopped, and in the end not used any more', () => {
    const regexes = new BudgetedRegexes([slow, proven], { messageMs: 50, overruns: 2 });
    onTestFinished(() => regexes.close());
    const hostile = `${'x'.repeat(60)}!`;

    expect(() => regexes.match(hostile)).toThrow(/took more than 50 ms for 61 characters$/);
    expect(regexes.match('x from 192.0.2.1')?.match.address).toBe('192.0.2.1');
    expect(() => regexes.match(hostile)).toThrow(/and is not used any more$/);
    expect(regexes.match(hostile)).toBeUndefined();
    expect(regexes.match('x from 192.0.2.1')).toBeUndefined();
    expect(regexes.match('login of bob from ::1 failed')?.index).toBe(1);
  }, 30_000);

  it.each<[Written, string]>([
    [{ regexes: ['('] }, 'regexes.0: Invalid regular expression'],
    [{ regexes: [proven, 'from (.*)'] }, 'regexes.1: has no group (?<address>…)'],
    [{}, 'patterns: at least one pattern, or one of regexes'],
    [
      {
        regexes: [proven],
        samples: { match: [{ line: 'login of bob from ::1 worked', address: '::1' }] },
      },
      'samples.match.0.line: it is no match',
    ],
    [
      { regexes: [proven], samples: { noMatch: ['login of bob from ::1 failed'] } },
      'samples.noMatch.0: it is a match: regex-1 blames ::1',
    ],
  ])('are refused: %j', async (written, problem) => {
    expect(await problemsIn(written)).toEqual([expect.stringContaining(problem)]);
  });
});
