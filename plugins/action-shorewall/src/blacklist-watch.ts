import type { CancelTimer, Clock, RunOptions } from '@remand/api';
import { type Family, familyNames } from './family.ts';
import type { Place } from './place.ts';

type Places = ReadonlyMap<Family, Place>;

const probeEveryMs = 5_000;
const probeTimeoutMs = 10_000;
/** A probe does not look into a set: once a minute it is asked to be read as a whole. */
const probesBetweenReads = 12;
const unavailable = 'unavailable';

type Signatures = ReadonlyMap<Family, string> | typeof unavailable;

/** Neither iptables, ipset nor shorewall tells of a change: a look every five seconds. */
export class BlacklistWatch {
  readonly #clock: Clock;
  readonly #find: (run: RunOptions) => Promise<Places>;
  /** How the last call left the blacklist. */
  #left: Signatures = new Map();
  #calls = 0;
  #busy = 0;
  #probes = 0;

  constructor(clock: Clock, find: (run: RunOptions) => Promise<Places>) {
    this.#clock = clock;
    this.#find = find;
  }

  /** Keeps a probe from taking our own work for that of others. */
  async pause<T>(work: () => Promise<T>): Promise<T> {
    this.#busy++;
    this.#calls++;
    try {
      return await work();
    } finally {
      this.#busy--;
    }
  }

  /** Notes how a call left the blacklist, undefined when it could not be read. */
  remember(places: Places | undefined): void {
    this.#left = places ? signaturesOf(places) : unavailable;
  }

  begin(onChange: (what: string) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    let cancel: CancelTimer;
    const later = () => {
      cancel = this.#clock.after(probeEveryMs, async () => {
        await this.#probe(onChange, signal);
        if (!signal.aborted) later();
      });
    };
    later();
    signal.addEventListener('abort', () => cancel(), { once: true });
  }

  async #probe(onChange: (what: string) => void, signal: AbortSignal): Promise<void> {
    const calls = this.#calls;
    if (this.#busy > 0) return;
    const now = await this.#signatures(signal);
    // What was read while a call was under way may be half of its work.
    if (signal.aborted || this.#calls !== calls) return;
    const what = differing(this.#left, now);
    const isTimeToRead = ++this.#probes % probesBetweenReads === 0;
    this.#left = now;
    if (what !== undefined) onChange(what);
    else if (isTimeToRead) onChange('a minute has passed');
  }

  async #signatures(signal: AbortSignal) {
    try {
      return signaturesOf(await this.#find({ timeoutMs: probeTimeoutMs, signal }));
    } catch {
      // `list` will find out why and say it.
      return unavailable;
    }
  }
}

function signaturesOf(places: Places): ReadonlyMap<Family, string> {
  return new Map([...places].map(([family, { signature }]) => [family, signature]));
}

function differing(left: Signatures, now: Signatures): string | undefined {
  if (left === unavailable || now === unavailable) {
    return left === now ? undefined : 'whether shorewall runs';
  }
  for (const [family, signature] of now) {
    const before = left.get(family);
    if (before !== undefined && before !== signature) {
      return `the blacklist of ${familyNames[family].program}`;
    }
  }
  return left.size > now.size ? 'a family of shorewall is gone' : undefined;
}
