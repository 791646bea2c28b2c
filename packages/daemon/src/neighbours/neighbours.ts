import type { Logger, NeighboursReport, StatusReport } from '@remand/api';
import type { LookForNeighbours, SeenNeighbours } from './look-for-neighbours.ts';
import { neighboursReport } from './neighbours-report.ts';

/** Whoever asks again sooner gets the same answer. */
const freshForMs = 10_000;

/** The neighbours of a running daemon, looked for when somebody asks. */
export class Neighbours {
  readonly #look: LookForNeighbours;
  readonly #now: () => number;
  #seen: Promise<SeenNeighbours> | undefined;
  #seenAt = 0;

  constructor(look: LookForNeighbours, now: () => number = () => performance.now()) {
    this.#look = look;
    this.#now = now;
  }

  async of({ lists, jails }: Pick<StatusReport, 'lists' | 'jails'>): Promise<NeighboursReport> {
    return neighboursReport(await this.#current(), {
      lists,
      jails: jails.map(({ name, sources }) => ({ name, logs: sources.map(({ label }) => label) })),
    });
  }

  /** One line for each that runs, for those who never ask. */
  async log(logger: Logger): Promise<void> {
    for (const { known, state, foundBy } of (await this.#current()).found) {
      if (state !== 'running') continue;
      logger.warn('neighbour', { program: known.program, foundBy: foundBy.join(', ') });
    }
  }

  #current(): Promise<SeenNeighbours> {
    if (!this.#seen || this.#now() - this.#seenAt > freshForMs) {
      this.#seenAt = this.#now();
      this.#seen = this.#look();
    }
    return this.#seen;
  }
}
