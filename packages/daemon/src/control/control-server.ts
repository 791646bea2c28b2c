import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '@remand/api';
import { serveConnection } from './connection.ts';
import { listenPrivately, type SocketPlace } from './listen.ts';
import type { ServedVerbs } from './verb-args.ts';

export interface ControlServerGiven {
  readonly place: SocketPlace;
  readonly served: ServedVerbs;
  readonly logger: Logger;
  readonly maxConnections?: number;
  readonly idleMs?: number;
}

/** Serves the verbs on a Unix socket: JSON lines, see `protocol.ts`. */
export class ControlServer {
  readonly #given: ControlServerGiven;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(given: ControlServerGiven) {
    this.#given = given;
    // Half open: a client may close its side after its last request and still read.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
    this.#server.maxConnections = given.maxConnections ?? 32;
    this.#server.on('drop', () => given.logger.warn('control-connections-full'));
  }

  /** @throws CommandError SOCKET_IN_USE */
  async start(): Promise<void> {
    await listenPrivately(this.#server, this.#given.place);
    this.#server.on('error', (error) => {
      this.#given.logger.error('control-socket-failed', { reason: error.message });
    });
  }

  /** Hangs up on everybody and removes the socket. Safe to call twice and without a start. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    const { served, logger, idleMs = 60_000 } = this.#given;
    void serveConnection(socket, { served, logger, idleMs });
  }
}
