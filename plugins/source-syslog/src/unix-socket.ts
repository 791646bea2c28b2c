import { chmod, lstat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';

/**
 * Removes a socket that nobody listens on any more, so that its path can be used again.
 * @throws Error when something else is there, or somebody listens
 */
export async function clearPath(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return;
  if (!found.isSocket()) throw new Error(`${path} is there and is no socket`);
  if (await isAnswered(path)) throw new Error(`somebody else listens on ${path}`);
  await unlink(path);
}

export async function setMode(path: string, mode: string): Promise<void> {
  await chmod(path, Number.parseInt(mode, 8));
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
