import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A mail as it arrived. Text is Latin-1: one character stands for one byte. */
export interface SunkMail {
  /** The path of MAIL FROM, without its brackets. */
  readonly from: string;
  /** The paths of RCPT TO, in order. */
  readonly to: readonly string[];
  /** Header and body, with line feeds as line ends and without the dots of transport. */
  readonly data: string;
}

type Verb = 'CONNECT' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'END';

const accepts: Readonly<Record<Verb, string>> = {
  CONNECT: '220 sink.invalid ESMTP',
  EHLO: '250-sink.invalid\r\n250-8BITMIME\r\n250 SMTPUTF8',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go on',
  END: '250 2.0.0 taken',
};

/**
 * A mail server on a port of loopback that keeps what it is given and passes nothing on
 * (https://www.rfc-editor.org/rfc/rfc5321). It offers neither TLS nor a login.
 */
export class SmtpSink {
  readonly mails: SunkMail[] = [];
  /** Every command line that a client sent, in order. */
  readonly commands: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #answers = new Map<Verb, string>();

  private constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // A client that breaks off is one that a test wanted.
      socket.on('error', () => undefined);
      this.#serve(socket);
    });
  }

  /** Listens on a free port. */
  static async start(): Promise<SmtpSink> {
    const sink = new SmtpSink();
    sink.#server.listen(0, '127.0.0.1');
    await once(sink.#server, 'listening');
    return sink;
  }

  get host(): string {
    return '127.0.0.1';
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /**
   * Answers a step so from now on (`550 5.1.1 unknown`, `451 4.3.0 later`), until it is called
   * without an answer. An empty one is none: the client waits. `END` is what follows the mail itself.
   */
  answer(verb: Verb, reply?: string): void {
    if (reply === undefined) this.#answers.delete(verb);
    else this.#answers.set(verb, reply);
  }

  /** Cuts all connections and listens no more. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) {
      this.#server.close();
      await once(this.#server, 'close');
    }
  }

  #serve(socket: Socket): void {
    let rest = '';
    let from = '';
    let to: string[] = [];
    let data: string[] | undefined;
    const reply = (verb: Verb) => {
      const text = this.#answers.get(verb) ?? accepts[verb];
      if (text !== '') socket.write(`${text}\r\n`);
      return /^[23]/.test(text);
    };
    const take = (line: string) => {
      if (data !== undefined && line !== '.') {
        data.push(line.startsWith('.') ? line.slice(1) : line);
        return;
      }
      if (data !== undefined) {
        const mail = { from, to, data: data.join('\n') };
        data = undefined;
        if (reply('END')) this.mails.push(mail);
        return;
      }
      this.commands.push(line);
      const verb = line.split(' ')[0]?.toUpperCase() ?? '';
      const path = /<([^>]*)>/.exec(line)?.[1] ?? '';
      if (verb === 'EHLO' || verb === 'HELO') reply('EHLO');
      else if (verb === 'MAIL') {
        to = [];
        if (reply('MAIL')) from = path;
      } else if (verb === 'RCPT') {
        if (reply('RCPT')) to.push(path);
      } else if (verb === 'DATA') {
        if (to.length === 0) socket.write('503 5.5.1 no recipients\r\n');
        else if (reply('DATA')) data = [];
      } else if (verb === 'QUIT') socket.end('221 2.0.0 bye\r\n');
      else
        socket.write(['RSET', 'NOOP'].includes(verb) ? '250 2.0.0 ok\r\n' : '502 5.5.2 what?\r\n');
    };
    reply('CONNECT');
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
  }
}
