import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the state folders of shorewall and shorewall6 are (VARLIB of its shorewallrc). */
export const defaultStateFolder = '/var/lib';

/**
 * Whether shorewall is at work on its firewall, by its own lock. `reload` and `restart` save the
 * chain `dynamic` and load it again a moment later: what is removed in between comes back.
 */
export function isBeingChanged(program: string, stateFolder: string): boolean {
  try {
    const pid = Number(readFileSync(join(stateFolder, program, 'lock'), 'utf8'));
    // The lock of a shorewall that was killed stays.
    return Number.isSafeInteger(pid) && pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
