import type { ReplayBatch } from './merge-tracks.ts';
import type { ReplayProgress } from './replay-contract.ts';
import type { ReplayStream, Track } from './track.ts';

/** How far a replay has come. */
export class ReplayProgressMeter {
  readonly #tracks: readonly Track[];
  /** Every stream has every line: one of them counts. */
  readonly #counted: ReplayStream | undefined;
  readonly #totalBytes: number;
  #dropped = 0;
  #at = 0;

  constructor(tracks: readonly Track[], streams: readonly ReplayStream[]) {
    this.#tracks = tracks;
    this.#counted = streams[0];
    this.#totalBytes = sum(tracks.map(({ log }) => log.size));
  }

  get lines(): number {
    const [first] = this.#counted?.dispatch.jails ?? [];
    return (first?.lines ?? 0) + this.#dropped;
  }

  passed({ stream, from, dropped }: ReplayBatch): void {
    this.#at = from;
    if (stream === this.#counted) this.#dropped += dropped;
  }

  report(): ReplayProgress {
    return {
      bytes: sum(this.#tracks.map(({ bytesRead }) => bytesRead)),
      totalBytes: this.#totalBytes,
      lines: this.lines,
      at: this.#at,
    };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
