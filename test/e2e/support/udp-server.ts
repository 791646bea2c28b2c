import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Says what it receives and answers nothing; inside a namespace, as a process of its own. */
export class UdpServer {
  readonly #child: ChildProcess;
  #received = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString();
    });
  }

  static async start(argvPrefix: readonly string[], port: number): Promise<UdpServer> {
    const script = `const s = require('node:dgram').createSocket('udp4'); s.on('message', (m) => console.log(String(m))); s.bind(${port}, () => console.log('ready'))`;
    const [program = '', ...args] = [...argvPrefix, process.execPath, '-e', script];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return new UdpServer(child);
  }

  has(text: string): boolean {
    return this.#received.includes(`${text}\n`);
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}
