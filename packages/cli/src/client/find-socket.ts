import { homedir } from 'node:os';
import { ConfigError } from '@remand/api';
import { socketOfRc, socketWithoutRc } from '@remand/config/socket';
import { mayNameSocket } from './may-name-socket.ts';

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
  const cwd = process.cwd();
  const surroundings = { isRoot, env: process.env, home: homedir() };
  if (mayNameSocket(options.config, { ...surroundings, cwd })) {
    const named = options.config === undefined ? {} : { explicitPath: options.config };
    try {
      return await socketOfRc({ ...named, cwd, isRoot }, surroundings);
    } catch (error) {
      const isMissing = error instanceof ConfigError && error.code === 'CONFIG_NOT_FOUND';
      if (!isMissing || options.config !== undefined) throw error;
    }
  }
  return socketWithoutRc(surroundings);
}
