import { dropOldest } from './drop-oldest.ts';

/** What a window counts: an offence with the time at which it counts. */
export interface Counted {
  readonly address: string;
  readonly at: number;
}

export interface WindowLimits {
  readonly findTimeMs: number;
  readonly maxRetry: number;
  /** Most addresses at one time; the one that was seen longest ago goes first. */
  readonly cap: number;
}

/**
 * Counts offences in an exact sliding window: the `maxRetry`-th offence with
 * `newest − oldest < findTime` decides, and the counter then starts at nothing. An address keeps
 * at most `maxRetry` offences.
 */
export class Window<Offence extends Counted> {
  readonly #limits: WindowLimits;
  // Oldest first; most addresses have one offence only and need no array.
  readonly #tracks = new Map<string, Offence | Offence[]>();
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

  /**
   * Adds an offence; times may come out of order.
   * @param least how many decide, when fewer than `maxRetry` are enough for this address
   * @returns the offences that decide a ban, oldest first; undefined when it is not due
   */
  add(offence: Offence, least: number = this.#limits.maxRetry): readonly Offence[] | undefined {
    const { findTimeMs, maxRetry, cap } = this.#limits;
    const known = this.#tracks.get(offence.address);
    if (known === undefined) {
      if (least === 1) return [offence];
      if (this.#tracks.size >= cap) this.#evicted += dropOldest(this.#tracks, cap);
      this.#tracks.set(offence.address, offence);
      return undefined;
    }
    // Moved to the end of the map: eviction takes from its front.
    this.#tracks.delete(offence.address);
    const track = withOffence(known, offence);
    const newest = newestOf(track);
    let gone = Math.max(0, track.length - maxRetry);
    while (newest - (track[gone]?.at ?? newest) >= findTimeMs) gone++;
    if (gone > 0) track.splice(0, gone);
    if (track.length >= least) return track;
    this.#tracks.set(offence.address, track);
    return undefined;
  }

  /** How many offences of an address count at `now`. */
  count(address: string, now: number): number {
    const known = this.#tracks.get(address);
    const track = known === undefined ? [] : Array.isArray(known) ? known : [known];
    return track.filter(({ at }) => now - at < this.#limits.findTimeMs).length;
  }

  /** Drops offences from after `now`: the clock was set back, and they would hide new ones. */
  forgetAfter(now: number): void {
    for (const [address, known] of this.#tracks) {
      const track = (Array.isArray(known) ? known : [known]).filter(({ at }) => at <= now);
      if (track.length === 0) this.#tracks.delete(address);
      else this.#tracks.set(address, track);
    }
  }

  /** Drops addresses whose newest offence no longer counts at `now`. */
  sweep(now: number): void {
    for (const [address, known] of this.#tracks) {
      const newest = Array.isArray(known) ? newestOf(known) : known.at;
      if (now - newest >= this.#limits.findTimeMs) this.#tracks.delete(address);
    }
  }
}

function newestOf(track: readonly Counted[]): number {
  return track[track.length - 1]?.at ?? 0;
}

/** An array that grows has room for 17 at once: short ones are made anew, exactly as long. */
const short = 8;

function withOffence<Offence extends Counted>(
  known: Offence | Offence[],
  offence: Offence,
): Offence[] {
  if (!Array.isArray(known)) return known.at <= offence.at ? [known, offence] : [offence, known];
  if (newestOf(known) <= offence.at) {
    if (known.length < short) return [...known, offence];
    known.push(offence);
    return known;
  }
  known.splice(
    known.findIndex(({ at }) => at > offence.at),
    0,
    offence,
  );
  return known;
}
