import type { Target } from '@remand/api';
import type { NeverBanSet } from '../never-ban/never-ban-set.ts';
import { dottedNumber, notDotted } from './dotted-number.ts';
import { normaliseAddress } from './normalise.ts';
import { formatRange } from './parse-target.ts';

/** What is known of an address as a log writes it. */
export interface AddressEntry {
  /** The normalised form that is counted and banned. */
  readonly target: Target;
  /** Why it is never banned, if it is not. */
  readonly protectedBy: string | undefined;
}

/** How many spellings of each sort are remembered; attackers choose them, so there is a cap. */
const cap = 65_536;

/**
 * Normalises the addresses of matches and checks the never-ban set, remembering the answers:
 * attackers come back many times. The texts that it hands out hold no reference to a batch.
 */
export class AddressBook {
  readonly #neverBan: NeverBanSet;
  /** Nearly all are v4: numbers are found several times faster than text cut out of a batch. */
  #dotted = new Map<number, AddressEntry | null>();
  #others = new Map<string, AddressEntry | null>();
  #version: number;

  constructor(neverBan: NeverBanSet) {
    this.#neverBan = neverBan;
    this.#version = neverBan.version;
  }

  /** @returns null when the text is no address */
  lookup(text: string): AddressEntry | null {
    if (this.#version !== this.#neverBan.version) {
      this.#dotted = new Map();
      this.#others = new Map();
      this.#version = this.#neverBan.version;
    }
    const number = dottedNumber(text);
    return number === notDotted ? this.#lookupOther(text) : this.#lookupDotted(number, text);
  }

  #lookupDotted(number: number, text: string): AddressEntry | null {
    const known = this.#dotted.get(number);
    if (known !== undefined) return known;
    if (this.#dotted.size >= cap) this.#dotted = new Map();
    const entry = this.#read(text);
    this.#dotted.set(number, entry);
    return entry;
  }

  #lookupOther(text: string): AddressEntry | null {
    const known = this.#others.get(text);
    if (known !== undefined) return known;
    if (text.length > 64) return null;
    if (this.#others.size >= cap) this.#others = new Map();
    const entry = this.#read(text);
    // A copy: the text is a slice that would keep its whole batch in memory.
    this.#others.set(Buffer.from(text, 'latin1').toString('latin1'), entry);
    return entry;
  }

  #read(text: string): AddressEntry | null {
    const range = normaliseAddress(
      text,
      (network) => this.#neverBan.touching(network) !== undefined,
    );
    if (!range) return null;
    return { target: formatRange(range), protectedBy: this.#neverBan.covering(range)?.why };
  }
}
