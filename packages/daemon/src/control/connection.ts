import type { Socket } from 'node:net';
import type { Logger } from '@remand/api';
import { answer, failureOf } from './answer.ts';
import { jsonPieces } from './json-pieces.ts';
import type { ControlResponse } from './protocol.ts';
import { requestLines } from './request-lines.ts';
import type { ServedVerbs } from './verb-args.ts';

export interface ConnectionGiven {
  readonly served: ServedVerbs;
  readonly logger: Logger;
  /** A client that neither asks nor reads for this long is hung up on. */
  readonly idleMs: number;
}

/** Answers the requests of one client, in order, until it hangs up. Never rejects. */
export async function serveConnection(socket: Socket, given: ConnectionGiven): Promise<void> {
  // A client that vanishes is no event: `close` follows, and every wait below ends with it.
  socket.on('error', () => undefined);
  socket.setTimeout(given.idleMs, () => socket.destroy());
  try {
    for await (const line of requestLines(socket.iterator({ destroyOnReturn: false }))) {
      socket.setTimeout(0);
      const response = await answer(line, given.served, given.logger);
      socket.setTimeout(given.idleMs);
      await send(socket, response);
    }
  } catch (error) {
    // A line that is too long: what follows it cannot be told apart from its rest.
    if (!socket.destroyed) await send(socket, { id: null, ok: false, error: failureOf(error) });
  }
  socket.end();
  // What is still unread would keep the socket open.
  socket.resume();
}

async function send(socket: Socket, response: ControlResponse): Promise<void> {
  for (const piece of jsonPieces(response)) await write(socket, piece);
  await write(socket, '\n');
}

function write(socket: Socket, text: string): Promise<void> | undefined {
  if (socket.destroyed || socket.write(text)) return undefined;
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
