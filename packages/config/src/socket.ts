import { dirname, resolve } from 'node:path';
import { defaultSocket, defaultStatePath, type Surroundings } from './builtin-defaults.ts';
import type { FindRcGiven } from './find-rc.ts';
import { isWritten } from './written.ts';

// An entry of its own, for commands that want the socket and nothing else: it never loads the schema
// library, and the parser only for an rc file. Loading those takes longer than all else does.

export type { Surroundings } from './builtin-defaults.ts';

/** Where the daemon of this user listens if its rc file names neither a socket nor a state. */
export function socketWithoutRc(surroundings: Surroundings): string {
  return defaultSocket(surroundings, defaultStatePath(surroundings));
}

/**
 * Where the daemon of an rc file listens. Mistakes elsewhere in that file do not matter.
 * @throws ConfigError when there is none, or when it cannot or must not be read
 */
export async function socketOfRc(given: FindRcGiven, surroundings: Surroundings): Promise<string> {
  const [{ findRc }, { RcDocument }, { readGuarded }] = await Promise.all([
    import('./find-rc.ts'),
    import('./rc-document.ts'),
    import('./read-guarded.ts'),
  ]);
  const found = await findRc(given);
  const { value } = new RcDocument(await readGuarded(found.file, found), found.shown);
  const pathAt = (section: string, key: string): string | undefined => {
    const map = isWritten(value) ? value[section] : undefined;
    const path = isWritten(map) ? map[key] : undefined;
    const isPath = typeof path === 'string' && path !== '' && !path.includes('\0');
    return isPath ? resolve(dirname(found.file), path) : undefined;
  };
  const statePath = pathAt('state', 'path') ?? defaultStatePath(surroundings);
  return pathAt('control', 'socket') ?? defaultSocket(surroundings, statePath);
}
