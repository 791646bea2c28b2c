import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answer = (response: ServerResponse) => void;

/** A server on loopback that answers as it is told, in order; then 200. */
export class HttpServer {
  readonly requests: Request[] = [];
  /** Those that were answered 200. */
  readonly taken: Request[] = [];
  /** Answers all requests while it is set. */
  always: Answer | undefined;
  readonly #answers: Answer[] = [];
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body = Buffer.concat(chunks).toString();
      const made = { method, path: url, headers, body };
      this.requests.push(made);
      const answer = this.always ?? this.#answers.shift();
      if (answer === undefined) this.taken.push(made);
      (answer ?? status(200))(response);
    });
  });

  static async start(): Promise<HttpServer> {
    const made = new HttpServer();
    made.#server.listen(0, '127.0.0.1');
    await once(made.#server, 'listening');
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  answer(...answers: readonly Answer[]): void {
    this.#answers.push(...answers);
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function status(
  code: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): Answer {
  return (response) => response.writeHead(code, headers).end(body);
}

/** Never answers. */
export const hang: Answer = () => undefined;

/** Answers for ever. */
export const flood: Answer = (response) => {
  response.writeHead(500);
  const more = () => {
    while (response.write('x'.repeat(65_536)));
  };
  response.on('drain', more).on('error', () => undefined);
  more();
};
