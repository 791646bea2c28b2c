import type { Target } from '@remand/api';
import type { NeverBanSet } from '../never-ban/never-ban-set.ts';
import { normaliseAddress } from './normalise.ts';
import { formatRange } from './parse-target.ts';

/** What is known of an address as a log writes it. */
export interface AddressEntry {
  /** The normalised form that is counted and banned. */
  readonly target: Target;
  /** Why it is never banned, if it is not. */
  readonly protectedBy: string | undefined;
}

/** How many spellings are remembered; attackers choose them, so there is a cap. */
const cap = 65_536;

/**
 * Normalises the addresses of matches and checks the never-ban set, remembering the answers:
 * attackers come back many times. The texts that it hands out hold no reference to a batch.
 */
export class AddressBook {
  readonly #neverBan: NeverBanSet;
  #known = new Map<string, AddressEntry | null>();
  #version: number;

  constructor(neverBan: NeverBanSet) {
    this.#neverBan = neverBan;
    this.#version = neverBan.version;
  }

  /** @returns null when the text is no address */
  lookup(text: string): AddressEntry | null {
    if (this.#version !== this.#neverBan.version) {
      this.#known = new Map();
      this.#version = this.#neverBan.version;
    }
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (text.length > 64) return null;
    if (this.#known.size >= cap) this.#known = new Map();
    const entry = this.#read(text);
    // A copy: the text is a slice that would keep its whole batch in memory.
    this.#known.set(Buffer.from(text, 'latin1').toString('latin1'), entry);
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
