import { type LedgerEntry, type NetworkConfig, networkHolder, type Target } from '@remand/api';
import { networksOf } from '../address/networks.ts';
import { isJailBan } from '../ledger/counted-bans.ts';
import { deedOf, mistakesOf } from './address-record.ts';
import { type Deed, RungCount } from './rung-count.ts';

/**
 * What happened in the widest range that can be held around some addresses: a count of distinct
 * banned addresses for each range in it, kept by the entries.
 */
export class NetworkRecord {
  readonly #config: NetworkConfig;
  readonly #counts = new Map<Target, RungCount>();

  constructor(config: NetworkConfig) {
    this.#config = config;
  }

  /** @param entries of all addresses and ranges in it, in the order in which they were applied */
  static of(config: NetworkConfig, entries: readonly LedgerEntry[]): NetworkRecord {
    const record = new NetworkRecord(config);
    const byAddress = Map.groupBy(entries, ({ address }) => address);
    const mistakes = new Set([...byAddress.values()].flatMap((its) => [...mistakesOf(its)]));
    for (const entry of entries) record.#apply(entry, !mistakes.has(entry));
    return record;
  }

  /** Adds an entry; see `AddressRecord.add`. */
  add(entry: LedgerEntry): void {
    this.#apply(entry, true);
  }

  /** See `RungCount.due`. */
  due(network: Target, trigger: string, what: 'enforced' | 'all'): readonly Deed[] | undefined {
    return this.#counts.get(network)?.due(trigger, what);
  }

  #apply(entry: LedgerEntry, counts: boolean): void {
    if (entry.kind === 'ban') {
      if (counts && isJailBan(entry)) this.#banned(entry);
    } else if (entry.holder === networkHolder) {
      if (entry.kind === 'escalate') this.#escalated(entry, counts);
      else if (entry.kind === 'unban') this.#counts.get(entry.address)?.lifted(entry.at);
    }
  }

  #banned(entry: LedgerEntry): void {
    const { jails, prefixes } = this.#config;
    if (jails && !jails.includes(entry.holder)) return;
    const networks = networksOf(entry.address, prefixes);
    if (networks.some((network) => this.#counts.get(network)?.isHeldAt(entry.at))) return;
    for (const [place, network] of networks.entries()) {
      const count = this.#count(network);
      // Who comes back from a range that was banned adds nothing to what that stands for.
      const narrower = networks.slice(0, place);
      const memberOf = (what: 'enforced' | 'all') =>
        narrower.find((one) => count.counts(one, entry.at, what)) ?? entry.address;
      count.add({ ...deedOf(entry), member: memberOf('enforced') }, memberOf('all'));
    }
  }

  #escalated(entry: LedgerEntry, counts: boolean): void {
    const { until = null, details, address } = entry;
    const { observed } = deedOf(entry);
    const counted = details?.counted ?? [];
    this.#count(address).escalated(counted, { until, observed });
    if (!counts || details?.refused) return;
    const deed = { ...deedOf(entry), member: address };
    for (const wider of this.#widerThan(address)) this.#count(wider).join(counted, deed);
  }

  /** The ranges that can be held and hold all of a narrower one. */
  #widerThan(network: Target): readonly Target[] {
    const [base = '', prefix = ''] = network.split('/');
    const { v4, v6 } = this.#config.prefixes;
    const isV6 = base.includes(':');
    const prefixes = (isV6 ? v6 : v4).filter((one) => one < Number(prefix));
    return networksOf(isV6 ? `${base}/64` : base, { v4: prefixes, v6: prefixes });
  }

  #count(network: Target): RungCount {
    const known = this.#counts.get(network);
    if (known) return known;
    const count = new RungCount(this.#config);
    this.#counts.set(network, count);
    return count;
  }
}
