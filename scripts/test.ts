// node scripts/test.ts [unit|integration|e2e|vitest arguments]: all tests, or some of them.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { installTestPackages } from './install-test-packages.ts';
import { nameOf, outcome, projects, readReport } from './report.ts';

const args = process.argv.slice(2);
const steps =
  args.length > 0
    ? [['node', 'scripts/run-tests.ts', ...args]]
    : [
        ['npm', 'run', '-s', 'check'],
        ['node', 'scripts/run-tests.ts', 'integration'],
        ['node', 'scripts/run-tests.ts', 'e2e'],
      ];

if (args[0] !== 'unit') installTestPackages();
rmSync('reports', { recursive: true, force: true });
const succeeded = steps.every((step) => run(step));
if (args.length === 0 && succeeded) listSkipped();
process.exitCode = succeeded ? 0 : 1;

function run([command = '', ...rest]: readonly string[]): boolean {
  const shell = process.platform === 'win32';
  return spawnSync(command, rest, { stdio: 'inherit', shell }).status === 0;
}

function listSkipped(): void {
  const { skipped } = outcome(projects.map(readReport));
  if (skipped.length > 0) console.log('remand: skipped');
  for (const test of skipped) console.log(`  ${nameOf(test)}`);
}
