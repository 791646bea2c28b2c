import { describe, expect, it } from 'vitest';
import { outcome, type VitestReport } from '../../scripts/report.ts';
import { mayBeSkipped, sharedNeed, skipNote } from '../support/skip-note.ts';

function report(status: string, ...tests: readonly string[]): VitestReport {
  const assertionResults = tests.map((test) => ({
    status: test,
    title: `is ${test}`,
    ancestorTitles: ['Suite'],
  }));
  return { testResults: [{ name: `${process.cwd()}/a.test.ts`, status, assertionResults }] };
}

describe(outcome.name, () => {
  it('adds up what passed, failed and was skipped in all reports', () => {
    const reports = [
      report('failed', 'passed', 'failed', 'passed'),
      report('passed', 'passed', 'pending', 'todo', 'skipped'),
    ];

    const { passed, failed, skipped } = outcome(reports);

    expect({ passed, failed, skipped: skipped.length }).toEqual({
      passed: 3,
      failed: 1,
      skipped: 3,
    });
  });

  it('counts a file that could not be loaded as a failure', () => {
    expect(outcome([report('failed')])).toMatchObject({ passed: 0, failed: 1 });
    expect(outcome([report('failed', 'passed')])).toMatchObject({ passed: 1, failed: 1 });
  });

  it('names what was skipped', () => {
    expect(outcome([report('passed', 'pending')]).skipped).toEqual([
      { file: 'a.test.ts', suite: 'Suite', title: 'is pending' },
    ]);
  });
});

describe(mayBeSkipped.name, () => {
  it('excuses what needs the shared folder alone', () => {
    expect(mayBeSkipped(skipNote([sharedNeed]))).toBe(true);
    expect(mayBeSkipped(skipNote(['nft']))).toBe(false);
    expect(mayBeSkipped(skipNote([sharedNeed, 'nft']))).toBe(false);
    expect(mayBeSkipped('bans')).toBe(false);
  });
});
