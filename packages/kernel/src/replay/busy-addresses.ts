import { AddressBook, type AddressEntry } from '../address/address-book.ts';
import { networkOf } from '../address/network-of.ts';
import type { Busy } from './replay-contract.ts';
import { Tally } from './tally.ts';

const mostAddresses = 1_000_000;
const mostSpared = 10_000;
const mostShown = 100;

/** An address book that keeps account of whose lines matched. */
export class BusyAddresses extends AddressBook {
  readonly #matched = new Tally(mostAddresses);
  readonly #spared = new Tally(mostSpared);
  readonly #why = new Map<string, string>();

  /** Called once for each match. */
  override lookup(text: string): AddressEntry | null {
    const entry = super.lookup(text);
    if (entry === null) return null;
    this.#matched.add(entry.target);
    if (entry.protectedBy !== undefined) {
      this.#spared.add(entry.target);
      if (this.#why.size < mostSpared) this.#why.set(entry.target, entry.protectedBy);
    }
    return entry;
  }

  get isExact(): boolean {
    return this.#matched.isExact;
  }

  addresses(): readonly Busy[] {
    return busy(this.#matched);
  }

  networks(): readonly Busy[] {
    const networks = new Tally(mostAddresses);
    for (const [address, count] of this.#matched.entries()) {
      const network = networkOf(address);
      if (network !== undefined) networks.add(network, count);
    }
    return busy(networks);
  }

  spared(): readonly (Busy & { readonly why: string })[] {
    return busy(this.#spared).map((one) => ({ ...one, why: this.#why.get(one.address) ?? '' }));
  }
}

function busy(tally: Tally): readonly Busy[] {
  return tally.top(mostShown).map(([address, matched]) => ({ address, matched }));
}
