// Ends a run in CI: "N passed, N failed, N skipped" from the reports of all projects.
// Fails if anything failed or did not run, or if a test was skipped that could have run.
import { existsSync } from 'node:fs';
import { mayBeSkipped } from '../test/support/skip-note.ts';
import { nameOf, outcome, projects, readReport, reportFile } from './report.ts';

const ran = projects.filter((project) => existsSync(reportFile(project)));
const { passed, failed, skipped } = outcome(ran.map(readReport));
const unexcused = skipped.filter((test) => !mayBeSkipped(test.title));

for (const project of projects.filter((name) => !ran.includes(name))) {
  console.log(`${project} tests did not run`);
}
for (const test of unexcused) {
  console.log(`skipped, which CI does not accept: ${nameOf(test)}`);
}
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
process.exitCode = failed > 0 || unexcused.length > 0 || ran.length < projects.length ? 1 : 0;
