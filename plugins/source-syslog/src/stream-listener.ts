import { once } from 'node:events';
import {
  type AddressInfo,
  createServer,
  type ListenOptions,
  type Server,
  type Socket,
} from 'node:net';
import type { CancelTimer } from '@remand/api';
import { plainAddress } from './allow-list.ts';
import { Frames } from './frames.ts';
import type { Listener, ListenerGiven } from './listener.ts';

const keepAliveMs = 60_000;

export interface StreamListenerGiven extends ListenerGiven {
  readonly label: string;
  readonly where: ListenOptions;
  /** What senders without an address are called: those on this machine. */
  readonly local?: string;
  /** Called before it listens, and after. */
  readonly before?: () => Promise<void>;
  readonly after?: () => Promise<void>;
}

/** Connections, over TCP or a Unix socket. A sender that is too fast is read more slowly. */
export class StreamListener implements Listener {
  readonly label: string;
  readonly #given: StreamListenerGiven;
  readonly #connections = new Map<Socket, { readonly sender: string; cancel?: CancelTimer }>();
  #server: Server | undefined;

  constructor(given: StreamListenerGiven) {
    this.#given = given;
    this.label = given.label;
  }

  get address(): AddressInfo | string | null {
    return this.#server?.address() ?? null;
  }

  async open(failed: (error: Error) => void): Promise<void> {
    const { where, before, after } = this.#given;
    await before?.();
    const server = createServer({
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveMs,
    });
    this.#server = server;
    server.on('connection', (socket) => this.#accept(socket));
    try {
      server.listen(where);
      await once(server, 'listening');
      await after?.();
    } catch (error) {
      await this.close();
      throw error;
    }
    server.on('error', failed);
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const [socket, { cancel }] of this.#connections) {
      cancel?.();
      socket.destroy();
    }
    this.#connections.clear();
    if (!server?.listening) return;
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    socket.on('error', () => undefined);
    const { allowed, tally, options, local } = this.#given;
    const { remoteAddress } = socket;
    const sender = local ?? plainAddress(remoteAddress ?? '');
    if (local === undefined && !allowed.allows(remoteAddress ?? '')) {
      tally.count('stranger', sender);
      socket.destroy();
      return;
    }
    const same = [...this.#connections.values()].filter((one) => one.sender === sender).length;
    const most = local === undefined ? options.maxConnectionsPerSender : options.maxConnections;
    if (this.#connections.size >= options.maxConnections || same >= most) {
      tally.count('connections', sender);
      socket.destroy();
      return;
    }
    this.#connections.set(socket, { sender });
    this.#read(socket, sender);
  }

  #read(socket: Socket, sender: string): void {
    const { sink, maxLineBytes } = this.#given;
    const frames = new Frames(maxLineBytes);
    socket.on('data', (chunk: Buffer) => {
      let room: Promise<void> | undefined;
      for (const message of frames.add(chunk)) room = sink.add(message) ?? room;
      if (frames.oversized > 0) sink.tooLong(frames.oversized);
      frames.oversized = 0;
      this.#slowDown(socket, sender, chunk.length, room);
    });
    socket.on('end', () => {
      const last = frames.end();
      if (last) sink.add(last);
    });
    socket.on('close', () => {
      this.#connections.get(socket)?.cancel?.();
      this.#connections.delete(socket);
    });
  }

  /** Reads on when there is room and the sender may; meanwhile the sender has to wait. */
  #slowDown(socket: Socket, sender: string, bytes: number, room: Promise<void> | undefined): void {
    const { senders, clock } = this.#given;
    const quietMs = senders.spend(sender, bytes);
    if (quietMs === 0 && !room) return;
    socket.pause();
    const goOn = () => {
      if (!room) socket.resume();
      else void room.catch(() => undefined).then(() => socket.resume());
    };
    const connection = this.#connections.get(socket);
    if (quietMs === 0 || !connection) goOn();
    else connection.cancel = clock.after(quietMs, goOn);
  }
}
