import { ControlClient } from './control-client.ts';
import { findSocket, type SocketOptions } from './find-socket.ts';

/** Connects to the daemon that the options mean, and hangs up afterwards. */
export async function withDaemon<Result>(
  options: SocketOptions,
  work: (daemon: ControlClient) => Promise<Result>,
): Promise<Result> {
  const daemon = new ControlClient(await findSocket(options));
  try {
    return await work(daemon);
  } finally {
    daemon.close();
  }
}
