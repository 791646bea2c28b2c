import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

interface Surroundings {
  readonly isRoot: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * Whether an rc file could name another socket. It is a look, not a parse: false only if there is
 * nothing to be found in any file that may be the rc file.
 */
export function mayNameSocket(
  explicit: string | undefined,
  { isRoot, env, cwd }: Surroundings,
  systemFolder = '/etc/remand',
): boolean {
  // Without root and a runtime folder the socket lies with the ledger, which `state` can move.
  const word = isRoot || isAbsolute(env.XDG_RUNTIME_DIR ?? '') ? /socket|\\/ : /socket|state|\\/;
  const folders = isRoot ? [systemFolder] : [cwd, systemFolder];
  const files = explicit === undefined ? folders.flatMap(candidates) : [resolve(cwd, explicit)];
  return files.some((file) => {
    try {
      // A named pipe would wait for its writer: whoever loads it knows what to say.
      return !statSync(file).isFile() || word.test(readFileSync(file, 'utf8'));
    } catch {
      return true;
    }
  });
}

function candidates(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => /^(remand\.|\.remandrc)/.test(name));
    return names.map((name) => join(folder, name));
  } catch {
    return [];
  }
}
