/** node scripts/run-tests.js unit|integration|e2e [vitest arguments] */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

const [project, ...rest] = process.argv.slice(2);
const report = `reports/${project}.json`;
// A run that dies early must not be counted by the report of the run before it.
rmSync(report, { force: true });

const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    `--project=${project}`,
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...rest,
  ],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;
