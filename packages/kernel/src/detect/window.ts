/** The recent offences of one address in one jail, oldest first; never more than `maxRetry`. */
interface Track {
  readonly times: number[];
  readonly lines: string[];
}

export interface WindowLimits {
  readonly findTimeMs: number;
  readonly maxRetry: number;
  /** Most addresses at one time; the one that was seen longest ago goes first. */
  readonly cap: number;
}

/** The decision that the `maxRetry`-th offence within `findTime` makes. */
export interface Verdict {
  /** When the deciding offence happened. */
  readonly at: number;
  readonly evidence: readonly string[];
}

/**
 * Counts offences in an exact sliding window: the `maxRetry`-th offence with
 * `newest − oldest < findTime` decides, and the counter then starts at nothing.
 */
export class Window {
  readonly #limits: WindowLimits;
  readonly #tracks = new Map<string, Track>();
  #evicted = 0;

  constructor(limits: WindowLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#tracks.size;
  }

  get evicted(): number {
    return this.#evicted;
  }

  /** Adds an offence; times may come out of order. */
  add(address: string, at: number, line: string): Verdict | undefined {
    const { findTimeMs, maxRetry } = this.#limits;
    let track = this.#tracks.get(address);
    if (track) {
      // Moved to the end of the map: eviction takes from its front.
      this.#tracks.delete(address);
    } else {
      if (maxRetry === 1) return { at, evidence: [line] };
      track = { times: [], lines: [] };
    }
    insert(track, at, line);
    const { times, lines } = track;
    const newest = times[times.length - 1] ?? at;
    while (times.length > maxRetry || newest - (times[0] ?? newest) >= findTimeMs) {
      times.shift();
      lines.shift();
    }
    if (times.length >= maxRetry) return { at: newest, evidence: lines };
    if (this.#tracks.size >= this.#limits.cap) this.#evictOldest();
    this.#tracks.set(address, track);
    return undefined;
  }

  forget(address: string): void {
    this.#tracks.delete(address);
  }

  /** How many offences of an address count at `now`. */
  count(address: string, now: number): number {
    const times = this.#tracks.get(address)?.times ?? [];
    return times.filter((at) => now - at < this.#limits.findTimeMs).length;
  }

  /** Drops addresses whose newest offence no longer counts at `now`. */
  sweep(now: number): void {
    for (const [address, { times }] of this.#tracks) {
      if (now - (times[times.length - 1] ?? 0) >= this.#limits.findTimeMs) {
        this.#tracks.delete(address);
      }
    }
  }

  #evictOldest(): void {
    for (const address of this.#tracks.keys()) {
      this.#tracks.delete(address);
      this.#evicted++;
      return;
    }
  }
}

function insert(track: Track, at: number, line: string): void {
  let index = track.times.length;
  while (index > 0 && (track.times[index - 1] ?? 0) > at) index--;
  if (index === track.times.length) {
    track.times.push(at);
    track.lines.push(line);
  } else {
    track.times.splice(index, 0, at);
    track.lines.splice(index, 0, line);
  }
}
