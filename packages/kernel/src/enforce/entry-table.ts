import type { Target } from '@remand/api';

/**
 * `maybe` is what was recorded or sent and has not been confirmed. In a shared list an entry is
 * ours from `maybe` on: a row that was committed for something that we never sent owns nothing.
 */
export type Presence = 'out' | 'maybe' | 'in';

/** Small on purpose: there are 100 000 of these. */
export interface Entry {
  readonly presence: Presence;
  /** Whether its row is committed. */
  recorded: boolean;
  /** When the firewall ends it by itself, on the monotonic clock. */
  endsAt: number;
}

type Writable = { -readonly [Key in keyof Entry]: Entry[Key] };

/** What we believe that one list of the firewall holds, and which rows are written. */
export class EntryTable {
  readonly #entries = new Map<Target, Writable>();
  #foreign = new Map<Target, number>();
  #held = 0;

  /** Entries of others as of the last reading, with their ends. */
  get foreign(): ReadonlyMap<Target, number> {
    return this.#foreign;
  }

  /** When the entry of somebody else ends; undefined when there is none any more. */
  foreignEnd(target: Target, steady: number): number | undefined {
    const end = this.#foreign.get(target);
    return end === undefined || end <= steady ? undefined : end;
  }

  /** How many entries take up room in the firewall. */
  get occupied(): number {
    return this.#held + this.#foreign.size;
  }

  get(target: Target): Entry | undefined {
    return this.#entries.get(target);
  }

  entries(): Iterable<readonly [Target, Entry]> {
    return this.#entries;
  }

  targets(): Iterable<Target> {
    return this.#entries.keys();
  }

  set(target: Target, presence: Presence, endsAt?: number): void {
    const entry = this.#of(target);
    if (entry.presence === 'out' && presence !== 'out') this.#held++;
    if (entry.presence !== 'out' && presence === 'out') this.#held--;
    entry.presence = presence;
    if (endsAt !== undefined) entry.endsAt = endsAt;
  }

  setRecorded(target: Target, recorded: boolean): void {
    this.#of(target).recorded = recorded;
  }

  forget(target: Target): void {
    if ((this.#entries.get(target)?.presence ?? 'out') !== 'out') this.#held--;
    this.#entries.delete(target);
  }

  setForeign(foreign: Map<Target, number>): void {
    this.#foreign = foreign;
  }

  /** An entry of somebody else becomes ours. */
  takeOver(target: Target): void {
    this.#foreign.delete(target);
  }

  clear(): void {
    this.#entries.clear();
    this.#foreign = new Map();
    this.#held = 0;
  }

  #of(target: Target): Writable {
    const known = this.#entries.get(target);
    if (known) return known;
    const made: Writable = { presence: 'out', recorded: false, endsAt: 0 };
    this.#entries.set(target, made);
    return made;
  }
}
