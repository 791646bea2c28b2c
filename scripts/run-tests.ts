// node scripts/run-tests.ts [unit|integration|e2e] [arguments of vitest]
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { delimiter } from 'node:path';
import { systemPath } from '../test/support/programs.ts';
import { isProject, reportFile } from './report.ts';

const [first, ...others] = process.argv.slice(2);
const project = first !== undefined && isProject(first) ? first : undefined;
const rest = project === undefined ? process.argv.slice(2) : others;
const report = reportFile(project ?? 'selected');
// A run that dies early must not be counted by the report of the run before it.
rmSync(report, { force: true });

const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...(project === undefined ? [] : [`--project=${project}`]),
    // They wait more than they work; each has namespaces, folders and sockets of its own. A daemon
    // keeps its promises in seconds: few at a time.
    ...(project === 'integration' ? ['--maxWorkers=4'] : []),
    ...(project === 'e2e' ? ['--maxWorkers=3'] : []),
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...rest,
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, PATH: [process.env.PATH, ...systemPath].join(delimiter) },
  },
);
process.exitCode = status ?? 1;
