import type { JailConfig, LedgerEntry, RungConfig } from '@remand/api';
import { isJailBan, jailBans } from '../ledger/counted-bans.ts';
import { type Deed, RungCount } from './rung-count.ts';

/** What an address has done, as far as rungs care: a count for each rung, kept by its entries. */
export class AddressRecord {
  readonly #rungs: readonly RungConfig[];
  #lastBans: Map<string, LastBan> | undefined;
  /** By the place of the rung; most addresses have done nothing that a higher one counts. */
  readonly #counts: (RungCount | undefined)[] = [];

  constructor(rungs: readonly RungConfig[]) {
    this.#rungs = rungs;
  }

  /** @param entries of one address, in the order in which they were applied */
  static of(rungs: readonly RungConfig[], entries: readonly LedgerEntry[]): AddressRecord {
    const record = new AddressRecord(rungs);
    const mistakes = mistakesOf(entries);
    for (const entry of entries) record.#apply(entry, !mistakes.has(entry));
    return record;
  }

  /**
   * Adds an entry about the address. An `unban` is not for here: it can change what earlier entries
   * count, so that the record has to be made again.
   */
  add(entry: LedgerEntry): void {
    this.#apply(entry, true);
  }

  /** Which ban of the address the next one by a jail is: 1 when nothing before it counts any more. */
  nextNumber(
    { name, banGrowth }: Pick<JailConfig, 'name' | 'banGrowth'>,
    { at, observed }: Pick<Deed, 'at' | 'observed'>,
  ): number {
    const last = this.#lastBans?.get(keyOf(name, observed));
    const isForgotten = !last || !banGrowth || at - last.until >= banGrowth.forgetAfterMs;
    return isForgotten ? 1 : last.number + 1;
  }

  /** See `RungCount.due`. */
  due(rung: RungConfig, trigger: string, what: 'enforced' | 'all'): readonly Deed[] | undefined {
    return this.#counts[this.#rungs.indexOf(rung)]?.due(trigger, what);
  }

  #apply(entry: LedgerEntry, counts: boolean): void {
    switch (entry.kind) {
      case 'ban':
        if (counts && isJailBan(entry)) this.#banned(entry);
        return;
      case 'escalate':
        this.#escalated(entry, counts);
        return;
      case 'unban':
        for (const [place, rung] of this.#rungs.entries()) {
          if (rung.name === entry.holder) this.#counts[place]?.lifted(entry.at);
        }
        return;
      default:
    }
  }

  #banned(entry: LedgerEntry): void {
    const deed = deedOf(entry);
    const { until, details } = entry;
    if (details?.number !== undefined) {
      const last = { number: details.number, until: until ?? Number.POSITIVE_INFINITY };
      // Made only where it is needed: there are as many records as addresses.
      this.#lastBans ??= new Map();
      this.#lastBans.set(keyOf(deed.holder, deed.observed), last);
    }
    for (let place = 0; place < this.#rungs.length; place++) {
      const { of, jails } = this.#rungs[place] ?? {};
      if (of === undefined && (jails?.includes(deed.holder) ?? true)) this.#count(place)?.add(deed);
    }
  }

  #escalated(entry: LedgerEntry, counts: boolean): void {
    const deed = deedOf(entry);
    const { until = null, details } = entry;
    for (const [place, rung] of this.#rungs.entries()) {
      if (rung.name === deed.holder) {
        const { observed } = deed;
        this.#count(place)?.escalated(details?.counted ?? [], { until, observed });
      } else if (rung.of === deed.holder && counts) this.#count(place)?.add(deed);
    }
  }

  #count(place: number): RungCount | undefined {
    const rung = this.#rungs[place];
    if (rung && !this.#counts[place]) this.#counts[place] = new RungCount(rung);
    return this.#counts[place];
  }
}

interface LastBan {
  readonly number: number;
  /** Its end in ms since the epoch. */
  readonly until: number;
}

function keyOf(jail: string, observed: boolean): string {
  return observed ? `${jail} observed` : jail;
}

export function deedOf({ id, holder, at, details }: LedgerEntry): Deed {
  return { id, holder, at, observed: details?.observed === true };
}

/** The bans and escalations that count for nothing because they were lifted as mistakes. */
export function mistakesOf(entries: readonly LedgerEntry[]): ReadonlySet<LedgerEntry> {
  const mistakes = new Set<LedgerEntry>();
  if (!entries.some(({ details }) => details?.mistake === true)) return mistakes;
  const standing = new Set(jailBans(entries));
  for (const [index, entry] of entries.entries()) {
    if (isJailBan(entry) && !standing.has(entry)) mistakes.add(entry);
    if (entry.kind !== 'unban' || entry.details?.mistake !== true) continue;
    const lifted = entries
      .slice(0, index)
      .findLast(({ kind, holder }) => kind === 'escalate' && holder === entry.holder);
    if (lifted) mistakes.add(lifted);
  }
  return mistakes;
}
