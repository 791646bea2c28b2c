import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type LogFeed, scriptedFilter } from '@remand/testkit';
import { createKernel } from '../../src/kernel.ts';
import type { Kernel } from '../../src/kernel-contract.ts';
import { bundle } from '../kernel-rig.ts';
import { configOf } from './config-of.ts';
import type { Faults, Life } from './faulty-action.ts';
import type { Machine } from './machine.ts';
import type { Rules } from './rules.ts';

export interface DaemonGiven {
  readonly rules: Rules;
  readonly machine: Machine;
  readonly feed: LogFeed;
  readonly faultsOf: (list: string) => Faults;
  /** Of the state; others are made beside it. */
  readonly home: string;
}

/** One process: the kernel with a ledger on disk, from a start to a stop or a kill. */
export class Daemon implements Life {
  isAlive = true;
  readonly #given: DaemonGiven;
  readonly #number: number;
  #kernel: Kernel | undefined;

  private constructor(given: DaemonGiven, number: number) {
    this.#given = given;
    this.#number = number;
  }

  static async start(given: DaemonGiven, number = 0): Promise<Daemon> {
    const daemon = new Daemon(given, number);
    await daemon.#start();
    return daemon;
  }

  get control() {
    return this.#running.control;
  }

  reload(): Promise<unknown> {
    return this.#running.reload(configOf(this.#given.rules, this.#given.machine));
  }

  /** As `kill -9`: what is on the disk at this instant is all that the next one has. */
  kill(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    cpSync(this.#folder(this.#number), this.#folder(this.#number + 1), { recursive: true });
  }

  stop(): Promise<void> {
    return this.#running.stop();
  }

  /** The next process, after this one has stopped or was killed. */
  async next(): Promise<Daemon> {
    // What the dead one still does reaches neither the firewall nor the state of the next.
    if (!this.isAlive) await this.stop();
    return Daemon.start(this.#given, this.#number + (this.isAlive ? 0 : 1));
  }

  async #start(): Promise<void> {
    const { rules, machine, feed, faultsOf } = this.#given;
    const { clock, commands } = machine;
    this.#kernel = await createKernel({
      config: configOf(rules, machine),
      bundled: bundle([
        feed.plugin,
        scriptedFilter({ name: 'ssh', programs: ['ssh'] }),
        scriptedFilter({ name: 'web', programs: ['web'] }),
        ...machine.plugins(faultsOf, () => this),
      ]),
      stateFolder: this.#folder(this.#number),
      version: '0.0.0',
      clock,
      ...(commands && { commands }),
      machine: { protectedAddresses: async () => [], resolve: async () => [] },
    });
    await this.#kernel.start();
    await feed.settled();
  }

  get #running(): Kernel {
    if (!this.#kernel) throw new Error('the daemon was not started');
    return this.#kernel;
  }

  #folder(number: number): string {
    return join(this.#given.home, String(number));
  }
}
