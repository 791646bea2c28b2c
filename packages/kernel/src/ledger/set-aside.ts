import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '@remand/api';

/** How many damaged databases are kept to look into; older ones are deleted. */
const kept = 3;

// The parts keep belonging together: SQLite finds `X-wal` beside `X`.
const parts = ['', '-wal', '-shm', '-journal'];

/**
 * Moves a damaged database out of the way under a name with the date, with the files beside it:
 * a write-ahead log that stayed could be replayed into the fresh one.
 * @returns where it lies now
 */
export function setAside(path: string, clock: Clock): string {
  const date = new Date(clock.now()).toISOString().replace(/[:.]/g, '-');
  let aside = `${path}.damaged-${date}`;
  for (let count = 2; existsSync(aside); count += 1) aside = `${path}.damaged-${date}-${count}`;
  for (const part of parts) {
    if (existsSync(path + part)) renameSync(path + part, aside + part);
  }
  deleteOldest(path);
  return aside;
}

/** Whether one that was at this path lies beside it. */
export function isAnySetAside(path: string): boolean {
  return allSetAside(path).length > 0;
}

function deleteOldest(path: string): void {
  for (const old of allSetAside(path).slice(0, -kept)) {
    for (const part of parts) rmSync(old + part, { force: true });
  }
}

/** The oldest first. */
function allSetAside(path: string): readonly string[] {
  const prefix = `${basename(path)}.damaged-`;
  return readdirSync(dirname(path))
    .filter(
      (name) => name.startsWith(prefix) && !parts.slice(1).some((part) => name.endsWith(part)),
    )
    .sort()
    .map((name) => join(dirname(path), name));
}
