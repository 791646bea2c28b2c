import { execFileSync } from 'node:child_process';
import type { CommandRunner, CommandStream } from '@remand/api';
import { commandsVia } from './commands-via.ts';

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
  readonly commands: CommandRunner = commandsVia(['ip', ...this.#inside([])], this.#streams);

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
