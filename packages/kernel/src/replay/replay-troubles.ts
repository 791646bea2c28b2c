import type { Clock, LogFields, Logger } from '@remand/api';
import { isoTime } from '../control/times.ts';
import { silentLogger } from '../defaults.ts';

/** Gathers what an engine logs while it replays, for the report. */
export class ReplayTroubles {
  readonly logger: Logger;
  #fuseTripped: string[] = [];
  readonly #others = new Set<string>();

  constructor(clock: Clock) {
    const add = (event: string, fields: LogFields = {}) => {
      if (event === 'fuse-tripped') this.#fuseTripped.push(isoTime(clock.now()));
      else if (event === 'never-ban-slow') this.#others.add(String(fields.reason));
    };
    this.logger = { ...silentLogger, warn: add, error: add };
  }

  get found(): readonly string[] {
    const [first] = this.#fuseTripped;
    const times = this.#fuseTripped.length;
    if (first === undefined) return [...this.#others];
    const often = times === 1 ? 'once' : `${times} times, first`;
    return [`the fuse would have blown ${often} at ${first}`, ...this.#others];
  }
}
