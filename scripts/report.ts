import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

export const projects = ['unit', 'integration', 'e2e'] as const;

export type Project = (typeof projects)[number];

/** What a run of the tests came to. A file that could not be loaded counts as one failed test. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly SkippedTest[];
}

export interface SkippedTest {
  readonly file: string;
  readonly suite: string;
  readonly title: string;
}

export function nameOf({ file, suite, title }: SkippedTest): string {
  return [file, suite, title].filter((part) => part !== '').join(': ');
}

/** The part of vitest's JSON report that is read here. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly title: string;
      readonly ancestorTitles: readonly string[];
    }[];
  }[];
}

export function isProject(name: string): name is Project {
  return projects.some((project) => project === name);
}

export function reportFile(name: Project | 'selected'): string {
  return `reports/${name}.json`;
}

export function readReport(name: Project): VitestReport {
  return JSON.parse(readFileSync(reportFile(name), 'utf8'));
}

export function outcome(reports: readonly VitestReport[]): Outcome {
  const files = reports.flatMap((report) => report.testResults);
  const tests = files.flatMap((file) =>
    file.assertionResults.map((test) => ({ ...test, file: relative('.', file.name) })),
  );
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failed = tests.filter((test) => test.status === 'failed').length;
  const unloaded = files.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const skipped = tests
    .filter((test) => test.status !== 'passed' && test.status !== 'failed')
    .map((test) => ({
      file: test.file,
      suite: test.ancestorTitles.join(' › '),
      title: test.title,
    }));
  return { passed, failed: failed + unloaded, skipped };
}
