import { hostname } from 'node:os';
import type { Clock, CommandRunner, Logger, Notice, Notifier } from '@remand/api';
import { compose } from './compose.ts';
import type { Options } from './options.ts';
import { sendBySendmail } from './sendmail.ts';
import { type Envelope, sendBySmtp } from './smtp.ts';

export interface EmailGiven {
  readonly options: Options;
  readonly commands: CommandRunner;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One mail for each delivery. Nothing is kept between two of them. */
export class EmailNotifier implements Notifier {
  readonly #given: EmailGiven;
  readonly #host: string;
  readonly #stopped = new AbortController();

  constructor(given: EmailGiven) {
    this.#given = given;
    this.#host = given.options.host ?? hostname();
  }

  async deliver(notices: readonly Notice[], signal: AbortSignal): Promise<void> {
    const { options, commands, clock, logger } = this.#given;
    const either = AbortSignal.any([signal, this.#stopped.signal]);
    either.throwIfAborted();
    const { from, to, smtp, sendmail } = options;
    const date = new Date(clock.now());
    const message = await compose(notices, { from, to, host: this.#host, date });
    const envelope: Envelope = { from: options.envelopeFrom ?? from, to };
    if (sendmail !== undefined) {
      const { command } = sendmail;
      await sendBySendmail({ command, commands, envelope, message, signal: either });
    }
    if (smtp === undefined) return;
    const given = { smtp, envelope, message, host: this.#host, signal: either };
    // The others have it: a throw would send it to them again.
    for (const reason of await sendBySmtp(given)) logger.warn('recipient-refused', { reason });
  }

  /** The kernel ends its deliveries before; what still runs is cut off. */
  async dispose(): Promise<void> {
    this.#stopped.abort(new Error('the notifier has stopped'));
  }
}
