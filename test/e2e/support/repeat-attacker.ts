import { appendFileSync } from 'node:fs';
import type { Daemon } from './daemon.ts';
import { failedPassword } from './sshd-lines.ts';
import { waitFor } from './wait-for.ts';

/** An address that a jail bans again and again, each time when the ban before has run out. */
export class RepeatAttacker {
  readonly address: string;
  readonly #daemon: Daemon;
  readonly #jail: string;

  constructor(daemon: Daemon, address: string, jail = 'sshd') {
    this.#daemon = daemon;
    this.address = address;
    this.#jail = jail;
  }

  /** Who holds the address now. */
  async holders(): Promise<readonly string[]> {
    const report = (await this.#daemon.bans()).find(({ address }) => address === this.address);
    return (report?.holds ?? []).map(({ holder }) => holder);
  }

  /** Has the jail ban it once, and returns while that ban is in force. */
  async trip(): Promise<void> {
    await waitFor(`${this.#jail} to let go`, async () => !(await this.#isHeld()));
    for (let time = 0; time < 3; time++) {
      appendFileSync(this.#daemon.log, failedPassword(this.address));
    }
    await waitFor(`${this.#jail} to ban ${this.address}`, () => this.#isHeld());
  }

  async #isHeld(): Promise<boolean> {
    return (await this.holders()).includes(this.#jail);
  }
}
