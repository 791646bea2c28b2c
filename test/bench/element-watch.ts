import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Network } from '../e2e/support/network.ts';

/** Says when the kernel has an element: `nft monitor` in the namespace of the firewall. */
export class ElementWatch implements Disposable {
  readonly #monitor;
  #wanted = '';
  #seen: ((at: number) => void) | undefined;

  private constructor(network: Network) {
    const [program = '', ...args] = network.argv('firewall', 'stdbuf', '-oL', 'nft', 'monitor');
    this.#monitor = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    createInterface({ input: this.#monitor.stdout }).on('line', (text) => {
      if (this.#seen && text.includes(this.#wanted)) this.#seen(performance.now());
    });
  }

  static async start(network: Network): Promise<ElementWatch> {
    const watch = new ElementWatch(network);
    await sleep(1_000);
    return watch;
  }

  /** When the address is in a set, by `performance.now()`; NaN when it is not within the time. */
  async seen(address: string, withinMs: number): Promise<number> {
    const arrived = Promise.withResolvers<number>();
    this.#wanted = `${address} `;
    this.#seen = arrived.resolve;
    const late = sleep(withinMs, Number.NaN, { ref: false });
    return await Promise.race([arrived.promise, late]);
  }

  [Symbol.dispose](): void {
    this.#monitor.kill('SIGKILL');
  }
}
