import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { plainAddress } from './allow-list.ts';
import type { ListenAddress } from './listen-address.ts';
import type { Listener, ListenerGiven } from './listener.ts';
import type { Refusal } from './tally.ts';

/** A burst waits here while lines are read; the system may allow less. */
const receiveBufferBytes = 4_194_304;

/** Datagrams: one message each (RFC 5426). */
export class UdpListener implements Listener {
  readonly label: string;
  readonly #given: ListenerGiven;
  readonly #address: ListenAddress;
  #socket: Socket | undefined;

  constructor(address: ListenAddress, given: ListenerGiven) {
    this.#address = address;
    this.#given = given;
    this.label = `udp ${isIP(address.host) === 6 ? `[${address.host}]` : address.host}:${address.port}`;
  }

  async open(failed: (error: Error) => void): Promise<void> {
    const { host, port } = this.#address;
    const type = isIP(host) === 6 ? 'udp6' : 'udp4';
    const socket = createSocket({ type, recvBufferSize: receiveBufferBytes });
    this.#socket = socket;
    socket.on('message', (message, sender) => this.#take(message, sender));
    try {
      socket.bind({ address: host, port, exclusive: true });
      await once(socket, 'listening');
    } catch (error) {
      await this.close();
      throw error;
    }
    socket.on('error', failed);
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.removeAllListeners('message');
    socket.on('error', () => undefined);
    await new Promise<void>((resolve) => {
      try {
        socket.close(() => resolve());
      } catch {
        // It is closed already.
        resolve();
      }
    });
  }

  #take(message: Buffer, { address }: RemoteInfo): void {
    const sender = plainAddress(address);
    const refusal = this.#refusal(sender, message.length);
    if (refusal) this.#given.tally.count(refusal, sender);
    else this.#given.sink.add(message);
  }

  #refusal(sender: string, bytes: number): Refusal | undefined {
    const { allowed, senders, sink } = this.#given;
    if (!allowed.allows(sender)) return 'stranger';
    if (sink.isFull) return 'full';
    if (senders.spend(sender, bytes) === 0) return undefined;
    senders.refund(sender, bytes);
    return 'fast';
  }
}
