import { type Clock, type Notice, type Notifier, PluginError } from '@remand/api';
import { freezePlain } from '../plugins/freeze-plain.ts';
import { withDeadline } from '../plugins/with-deadline.ts';

const deadlineMs = 30_000;

/** Calls that timed out and never ended; with so many, the notifier is not called again. */
const mostUnended = 5;

/** Calls into one notifier: bounded in time even when it ignores its signal. */
export class NotifierCalls {
  readonly #clock: Clock;
  readonly #notifier: Notifier;
  readonly #what: string;
  #started = false;
  #unended = 0;

  constructor(given: {
    readonly name: string;
    readonly notifier: Notifier;
    readonly clock: Clock;
  }) {
    this.#clock = given.clock;
    this.#notifier = given.notifier;
    this.#what = `notifier ${given.name}`;
  }

  /** Delivers a batch, after `start` has succeeded once. @throws whatever the notifier does */
  async deliver(notices: readonly Notice[], stop: AbortSignal, leftMs: number): Promise<void> {
    await this.start(stop, leftMs);
    const batch = freezePlain([...notices]);
    await this.#call(stop, leftMs, (signal) => this.#notifier.deliver(batch, signal));
  }

  async start(stop: AbortSignal, leftMs: number): Promise<void> {
    if (this.#started) return;
    await this.#call(stop, leftMs, async (signal) => this.#notifier.start?.(signal));
    this.#started = true;
  }

  async #call(
    stop: AbortSignal,
    leftMs: number,
    call: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    if (this.#unended >= mostUnended) {
      const message = `${this.#what} has ${this.#unended} calls that do not end`;
      const hint =
        'its plugin does not heed its signal: restart remand, and tell the plugin’s author';
      const about = { plugin: this.#what, phase: 'work', hint } as const;
      throw new PluginError('PLUGIN_TIMEOUT', message, about);
    }
    const deadline = {
      clock: this.#clock,
      deadlineMs: Math.min(deadlineMs, leftMs),
      what: this.#what,
    };
    this.#unended += 1;
    await withDeadline(deadline, async (signal) => {
      try {
        await call(AbortSignal.any([signal, stop]));
      } finally {
        this.#unended -= 1;
      }
    });
  }
}
