import type { Clock } from '@remand/api';

/** So many addresses are remembered; the one that was quiet for longest is forgotten. */
const mostSenders = 4_096;

interface Sender {
  /** Bytes that it may send at once: a second's worth at most. */
  credit: number;
  at: number;
}

/** How much each address may send. */
export class Senders {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #senders = new Map<string, Sender>();

  constructor(clock: Clock, bytesPerSecond: number) {
    this.#clock = clock;
    this.#perSecond = bytesPerSecond;
  }

  get size(): number {
    return this.#senders.size;
  }

  /**
   * Counts bytes of an address.
   * @returns for how many ms it is to be quiet; 0 when it may go on
   */
  spend(address: string, bytes: number): number {
    const now = this.#clock.monotonic();
    const sender = this.#senders.get(address) ?? { credit: this.#perSecond, at: now };
    this.#senders.delete(address);
    this.#senders.set(address, sender);
    const oldest = this.#senders.keys().next();
    if (this.#senders.size > mostSenders && !oldest.done) this.#senders.delete(oldest.value);
    const earned = ((now - sender.at) / 1_000) * this.#perSecond;
    sender.credit = Math.min(this.#perSecond, sender.credit + earned) - bytes;
    sender.at = now;
    return sender.credit >= 0 ? 0 : Math.ceil((-sender.credit / this.#perSecond) * 1_000);
  }

  /** Takes back what was spent for nothing. */
  refund(address: string, bytes: number): void {
    const sender = this.#senders.get(address);
    if (sender) sender.credit += bytes;
  }
}
