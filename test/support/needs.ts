import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { isInstalled, type Program, programs } from './programs.ts';
import { sharedNeed, skipNote } from './skip-note.ts';

/** Kernels can be built without the tables of the older iptables. */
type Need = 'root' | 'legacy iptables' | Program;

type Describe = (title: string, body: () => void) => void;

/**
 * `describe` for tests that need root or programs of the system:
 * `needs('root', 'nft')('NftablesAction', () => { … })`.
 * Where something is missing the body is not run, and one skipped test says what is missing.
 */
export function needs(...wanted: readonly Need[]): Describe {
  return describeUnless(wanted.filter((need) => !isThere(need)).map(inWords));
}

/** `describe` for tests that read `../shared`, which a clone of the project alone lacks. */
export function needsShared(): Describe {
  return describeUnless(existsSync(sharedPath()) ? [] : [sharedNeed]);
}

/** A file in `../shared`; to be called inside the body of a `needsShared()` only. */
export function sharedPath(...segments: readonly string[]): string {
  return join(import.meta.dirname, '../../../shared', ...segments);
}

function describeUnless(missing: readonly string[]): Describe {
  if (missing.length === 0) return (title, body) => describe(title, body);
  return (title) => describe(title, () => it.skip(skipNote(missing), () => undefined));
}

function isThere(need: Need): boolean {
  if (need === 'root') return process.getuid?.() === 0;
  return need === 'legacy iptables' ? hasLegacyTables() : isInstalled(need);
}

function inWords(need: Need): string {
  if (need === 'root') return need;
  if (need === 'legacy iptables') return `${need} (kernel modules ip_tables and ip6_tables)`;
  return `${need} (Debian package ${programs[need].package})`;
}

function hasLegacyTables(): boolean {
  return ['iptables-legacy', 'ip6tables-legacy'].every(
    (program) => spawnSync('unshare', ['-n', program, '-S'], { timeout: 10_000 }).status === 0,
  );
}
