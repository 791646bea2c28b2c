import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** An echo server inside a namespace, as a process of its own. */
export class TcpServer {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(argvPrefix: readonly string[], port: number): Promise<TcpServer> {
    const script = `require('node:net').createServer((s) => { s.on('error', () => {}); s.pipe(s); }).listen(${port}, '::', () => console.log('ready'))`;
    const [program = '', ...args] = [...argvPrefix, process.execPath, '-e', script];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return new TcpServer(child);
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}

/** A connection from inside a namespace that stays open: send a line, see whether it comes back. */
export class TcpClient {
  readonly #child: ChildProcess;
  #received = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString();
    });
  }

  static connect(argvPrefix: readonly string[], host: string, port: number): TcpClient {
    const [program = '', ...args] = [...argvPrefix, 'nc', host, String(port)];
    return new TcpClient(spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] }));
  }

  send(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  has(line: string): boolean {
    return this.#received.includes(`${line}\n`);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}
