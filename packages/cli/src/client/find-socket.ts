import { ConfigError } from '@remand/api';
import { defaultSocket, mayNameSocket } from './default-socket.ts';

export interface SocketOptions {
  /** `--socket PATH`. */
  readonly socket?: string;
  /** `-c FILE`. */
  readonly config?: string;
}

/**
 * Where the daemon listens: as told, else as the rc file says, else the default of this user.
 * Mistakes elsewhere in the rc file do not matter: the daemon may run on what stood there before.
 * @throws ConfigError when the rc file cannot be read
 */
export async function findSocket(options: SocketOptions): Promise<string> {
  if (options.socket !== undefined) return options.socket;
  const isRoot = process.getuid?.() === 0;
  const surroundings = { isRoot, env: process.env, cwd: process.cwd() };
  if (!mayNameSocket(options.config, surroundings)) return defaultSocket(surroundings);
  // It brings the schema library, which takes longer to load than all else does.
  const { findRc, loadRc } = await import('@remand/config');
  try {
    const found = await findRc({
      ...(options.config === undefined ? {} : { explicitPath: options.config }),
      cwd: surroundings.cwd,
      isRoot,
    });
    const { settings } = await loadRc(found);
    if (settings !== undefined) return settings.control.socket;
  } catch (error) {
    const isMissing = error instanceof ConfigError && error.code === 'CONFIG_NOT_FOUND';
    if (!isMissing || options.config !== undefined) throw error;
  }
  return defaultSocket(surroundings);
}
