import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CommandError, type CommandRunner, type CommandStream } from '@remand/api';

let made = 0;

/** A network namespace of the test's own: nothing of the machine's firewall is touched. */
export class Namespace {
  readonly name = `remand-test-${process.pid}-${++made}`;
  readonly #streams = new Set<CommandStream>();

  constructor() {
    execFileSync('ip', ['netns', 'add', this.name]);
  }

  async remove(): Promise<void> {
    for (const stream of this.#streams) await stream.stop();
    execFileSync('ip', ['netns', 'delete', this.name]);
  }

  exec(...argv: readonly string[]): string {
    return execFileSync('ip', this.#inside(argv), {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  nft(...args: readonly string[]): string {
    return this.exec('nft', ...args);
  }

  /** Runs programs in here and nowhere else. */
  readonly commands: CommandRunner = {
    run: (argv, given = {}) =>
      new Promise((resolve, reject) => {
        const child = execFile(
          'ip',
          this.#inside(argv),
          { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
          (error, stdout, stderr) => {
            if (error) reject(new CommandError('COMMAND_FAILED', error.message, { stderr }));
            else resolve({ stdout, stderr });
          },
        );
        // nft can end before it has read all of a script that it refuses.
        child.stdin?.on('error', () => undefined);
        child.stdin?.end(given.input ?? '');
      }),
    stream: (argv) => this.#stream(argv),
  };

  #stream(argv: readonly string[]): CommandStream {
    const child = spawn('ip', this.#inside(argv), { stdio: ['pipe', 'pipe', 'ignore'] });
    const ended = once(child, 'exit');
    const stream: CommandStream = {
      lines: createInterface({ input: child.stdout }),
      exited: ended.then(([exitCode]) => ({ exitCode, stderr: '' })),
      write: async (text) => void child.stdin.write(text),
      stop: async () => {
        child.kill();
        await ended;
        this.#streams.delete(stream);
      },
    };
    this.#streams.add(stream);
    return stream;
  }

  #inside(argv: readonly string[]): string[] {
    return ['netns', 'exec', this.name, ...argv];
  }
}

/** The clock of the machine. */
export const realClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs: number, callback: () => void) => {
    const timer = setTimeout(callback, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
