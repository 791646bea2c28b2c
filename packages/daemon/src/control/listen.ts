import { chmodSync, chownSync, lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { CommandError, printable, reasonOf } from '@remand/api';

/** `sun_path` of sockaddr_un(7) less its closing zero byte, on Linux. */
const longestPath = 107;

export interface SocketPlace {
  readonly path: string;
  /** Whoever is in this group may use the socket as well. */
  readonly gid?: number;
}

/**
 * Binds `server` to a Unix socket that nobody but us (or our group) can open, not even for an
 * instant. What a daemon that is gone left behind is replaced; anything else is left alone.
 * @throws CommandError SOCKET_IN_USE
 */
export async function listenPrivately(server: Server, place: SocketPlace): Promise<void> {
  const { path } = place;
  if (Buffer.byteLength(path) > longestPath) {
    throw cannot(path, `its path is longer than ${longestPath} bytes`);
  }
  try {
    const isForOthers = process.getuid?.() === 0 || place.gid !== undefined;
    const mode = isForOthers ? 0o755 : 0o700;
    mkdirSync(dirname(path), { recursive: true, mode });
    await removeStale(path);
    await bind(server, path);
    if (place.gid !== undefined) {
      chownSync(path, -1, place.gid);
      chmodSync(path, 0o660);
    }
  } catch (error) {
    throw error instanceof CommandError ? error : cannot(path, reasonOf(error), error);
  }
}

async function removeStale(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw cannot(path, 'there is something else, which remand does not remove');
  }
  if (await answers(path)) {
    throw new CommandError('SOCKET_IN_USE', `another daemon answers on ${printable(path)}`, {
      hint: "end it with 'remand stop', or give this one a control.socket of its own",
    });
  }
  // Another daemon that starts now may have replaced it since: that one is not stale.
  if (lstatSync(path, { throwIfNoEntry: false })?.ino === found.ino) unlinkSync(path);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    const done = (alive: boolean) => {
      probe.destroy();
      resolve(alive);
    };
    probe.once('connect', () => done(true));
    // Only a refusal proves that nobody listens: a full backlog or a missing right does not.
    probe.once('error', (error: NodeJS.ErrnoException) => done(error.code !== 'ECONNREFUSED'));
  });
}

function bind(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // bind(2) happens inside listen(), so the mask is ours for that one call only.
    const before = process.umask(0o177);
    try {
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    } finally {
      process.umask(before);
    }
  });
}

function cannot(path: string, why: string, cause?: unknown): CommandError {
  return new CommandError(
    'SOCKET_IN_USE',
    `the control socket ${printable(path)} cannot be made: ${printable(why)}`,
    { hint: 'name another one as control.socket or with --socket', cause },
  );
}
