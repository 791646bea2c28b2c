import type { Clock, Logger, Source, SourceFeed, SourceUse } from '@remand/api';
import { Endpoint } from './endpoint.ts';
import type { SyslogOptions } from './options.ts';

export interface SyslogSourceGiven {
  readonly uses: readonly SourceUse<SyslogOptions>[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The sockets of all uses. */
export class SyslogSource implements Source {
  readonly #given: SyslogSourceGiven;
  #endpoints: readonly Endpoint[] = [];

  constructor(given: SyslogSourceGiven) {
    this.#given = given;
  }

  async start(feed: SourceFeed, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#endpoints.length > 0) return;
    this.#endpoints = this.#given.uses.map((use) => new Endpoint({ ...this.#given, feed, use }));
    signal.addEventListener('abort', () => void this.dispose(), { once: true });
    await Promise.all(this.#endpoints.map((endpoint) => endpoint.start()));
  }

  async stop(): Promise<void> {
    await this.dispose();
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#endpoints.map((endpoint) => endpoint.stop()));
  }
}
