import { connect, type Socket } from 'node:net';
import {
  CommandError,
  ConfigError,
  type ControlApi,
  type ControlVerb,
  type Empty,
  errorCodes,
  InternalError,
  PluginError,
  printable,
  type RemandError,
} from '@remand/api';
import type { ControlResponse, ReloadOutcome, StopArgs, StopOutcome } from '@remand/daemon';

/** Any verb with its arguments and answer. */
type Verbs = ControlApi & {
  reload(args: Empty): Promise<ReloadOutcome>;
  stop(args: StopArgs): Promise<StopOutcome>;
};

/** How long a daemon may take: it answers after its lists are settled, and a start takes time. */
const patienceMs = 120_000;

/** Asks one daemon, one question after the other. */
export class ControlClient {
  readonly #path: string;
  #socket: Socket | undefined;
  #lastId = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * @throws CommandError DAEMON_UNREACHABLE when nobody answers; otherwise what the daemon says
   */
  async call<Verb extends keyof Verbs & (ControlVerb | 'reload' | 'stop')>(
    verb: Verb,
    args: Parameters<Verbs[Verb]>[0],
  ): Promise<Awaited<ReturnType<Verbs[Verb]>>> {
    const socket = await this.#connected();
    const id = ++this.#lastId;
    socket.write(`${JSON.stringify({ id, verb, args })}\n`);
    const response = parse(await this.#line(socket));
    if (!response.ok) throw errorOf(response.error);
    return response.result as Awaited<ReturnType<Verbs[Verb]>>;
  }

  /** Resolves when the daemon hangs up, which it does last of all. False when it did not in time. */
  async hungUp(timeoutMs: number): Promise<boolean> {
    const socket = this.#socket;
    if (socket === undefined || socket.destroyed) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), timeoutMs);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve(true);
      });
      socket.resume();
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #connected(): Promise<Socket> {
    if (this.#socket !== undefined) return this.#socket;
    const socket = connect(this.#path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error: NodeJS.ErrnoException) =>
        reject(unreachable(this.#path, error)),
      );
    });
    // Later failures end the wait for a line by `close`.
    socket.on('error', () => undefined);
    this.#socket = socket;
    return socket;
  }

  #line(socket: Socket): Promise<string> {
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = [];
      const done = (error?: Error) => {
        clearTimeout(timer);
        socket.off('data', read).off('close', gone);
        if (error) reject(error);
        else resolve(Buffer.concat(parts).toString('utf8'));
      };
      const read = (chunk: Buffer) => {
        parts.push(chunk);
        if (chunk.at(-1) === 0x0a) done();
      };
      const gone = () => done(brokenOff('the daemon hung up before it answered'));
      socket.on('data', read).once('close', gone);
      const timer = setTimeout(() => {
        done(brokenOff(`the daemon did not answer within ${patienceMs / 1000} s`));
        socket.destroy();
      }, patienceMs);
    });
  }
}

function parse(line: string): ControlResponse {
  try {
    return JSON.parse(line) as ControlResponse;
  } catch (error) {
    throw new InternalError('the daemon did not answer in JSON', { cause: error });
  }
}

function unreachable(path: string, error: NodeJS.ErrnoException): CommandError {
  const where = printable(path);
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new CommandError('DAEMON_UNREACHABLE', `no right to open the control socket ${where}`, {
      hint: 'run the command as root, or as a member of control.group of the rc file',
      cause: error,
    });
  }
  const why = silences[error.code ?? ''] ?? printable(error.message);
  return new CommandError('DAEMON_UNREACHABLE', `no daemon answers on ${where}: ${why}`, {
    hint: "start one with 'remand run', or say where it listens with --socket",
    cause: error,
  });
}

const silences: Readonly<Record<string, string>> = {
  ENOENT: 'there is no socket',
  ENOTDIR: 'there is no socket',
  ECONNREFUSED: 'its socket is a left-over',
  EAGAIN: 'too many clients wait for it',
};

function brokenOff(message: string): CommandError {
  return new CommandError('DAEMON_UNREACHABLE', message, {
    hint: 'it may be stopping, or have too many clients; its log says more',
  });
}

function errorOf(failure: Extract<ControlResponse, { ok: false }>['error']): RemandError {
  const { code, hint } = failure;
  // The socket may be anybody's: what it says is text from outside.
  const message = printable(String(failure.message), 1_000);
  const details = hint === undefined ? {} : { hint: printable(String(hint), 1_000) };
  switch (errorCodes[code]?.kind) {
    case 'config':
      return new ConfigError(code as 'USAGE', message, details);
    case 'command':
      return new CommandError(code as 'REFUSED', message, details);
    case 'plugin':
      return new PluginError(code as 'PLUGIN_CALL', message, {
        ...details,
        plugin: 'of the daemon',
        phase: 'work',
      });
    default:
      return new InternalError(message, details);
  }
}
