import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isInstalled, type Program, programs } from '../test/support/programs.ts';

/**
 * Installs the Debian packages whose programs the tests use, if any is missing.
 * Never throws: where it cannot or may not install, the tests that need them are skipped.
 */
export function installTestPackages(): void {
  const names = Object.keys(programs) as Program[];
  const missing = names.filter((name) => !isInstalled(name)).map((name) => programs[name]);
  if (missing.length === 0) return;

  const packages = [...new Set(missing.map((program) => program.package))];
  const reason = whyNot();
  if (reason !== undefined) {
    say(`not installing ${packages.join(', ')} (${reason}); the tests that need them are skipped`);
    return;
  }
  say('installing the Debian packages that the tests use, without starting any service:');
  for (const program of missing) say(`  ${program.package}: ${program.reason}`);
  const { status } = spawnSync('sh', ['scripts/install-debian-packages.sh', ...packages], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) say('they could not be installed; the tests that need them are skipped');
}

function whyNot(): string | undefined {
  if (process.env.REMAND_TEST_INSTALL === 'no') return 'REMAND_TEST_INSTALL=no';
  if (!existsSync('/etc/debian_version')) return 'only done on Debian';
  if (process.getuid?.() !== 0) return 'only done as root';
  return undefined;
}

function say(sentence: string): void {
  console.error(`remand: ${sentence}`);
}
