import {
  formatDuration,
  type LedgerEntry,
  type NetworkConfig,
  networkHolder,
  printable,
  reasonOf,
  type Target,
} from '@remand/api';
import { isInside, isNetwork, networksOf } from '../address/networks.ts';
import { formatRange, parseRange } from '../address/parse-target.ts';
import { dropOldest } from '../detect/drop-oldest.ts';
import type { KernelParts } from '../parts.ts';
import { NetworkRecord } from './network-record.ts';
import type { Deed } from './rung-count.ts';

interface Given
  extends Pick<
    KernelParts,
    'clock' | 'fuse' | 'generation' | 'ledger' | 'logger' | 'neverBan' | 'newEntry' | 'writer'
  > {
  readonly decisions: Pick<KernelParts['decisions'], 'onEntries'>;
}

/** Ranges whose records are kept in memory; those of others are read from the ledger. */
const mostRecords = 5_000;

/** Decides which ranges a ban of an address has banned, before anybody learns of the ban. */
export class NetworkEscalation {
  readonly #given: Given;
  /** By the widest range around an address that can be held. */
  readonly #records = new Map<Target, NetworkRecord>();
  /** What was decided and is not written yet, by the same. */
  readonly #unwritten = new Map<Target, LedgerEntry[]>();
  readonly #mostRecords: number;
  #config: NetworkConfig | undefined;
  #plan: KernelParts['generation']['plan'] | undefined;
  #banned = 0;
  #refused = 0;

  /** @param most how many records are kept in memory */
  constructor(given: Given, most: number = mostRecords) {
    this.#given = given;
    this.#mostRecords = most;
    given.decisions.onEntries((entries) => {
      this.#unwritten.clear();
      for (const { kind, address } of entries) if (kind === 'unban') this.#forget(address);
    });
  }

  /** How many ranges were banned and refused since the start. */
  get counts(): { readonly banned: number; readonly refused: number } {
    return { banned: this.#banned, refused: this.#refused };
  }

  /** The entries that a jail's ban brings about. Never throws: without them the ban is still right. */
  follow(ban: LedgerEntry): readonly LedgerEntry[] {
    this.#adopt();
    const config = this.#config;
    if (!config) return [];
    const networks = networksOf(ban.address, config.prefixes);
    const widest = networks.at(-1);
    if (widest === undefined) return [];
    const { fuse, logger } = this.#given;
    try {
      const record = this.#recordOf(config, widest, ban.at);
      record.add(ban);
      // What is not decided now is counted at the next ban.
      const made = fuse.tripped ? [] : this.#decide(config, { ban, networks, record });
      const unwritten = this.#unwritten.get(widest) ?? [];
      unwritten.push(ban, ...made);
      this.#unwritten.set(widest, unwritten);
      return made;
    } catch (error) {
      this.#records.delete(widest);
      const reason = printable(reasonOf(error));
      logger.error('escalation-failed', { address: ban.address, reason });
      return [];
    }
  }

  /** The clock was set back: what is from after now must not push anything out of a window. */
  clockSetBack(): void {
    this.#records.clear();
  }

  /** The narrowest range first, which a wider one counts as one. */
  #decide(
    config: NetworkConfig,
    {
      ban,
      networks,
      record,
    }: {
      readonly ban: LedgerEntry;
      readonly networks: readonly Target[];
      readonly record: NetworkRecord;
    },
  ): readonly LedgerEntry[] {
    const made: LedgerEntry[] = [];
    let trigger = ban;
    for (const network of networks) {
      const due = dueOf(record, network, trigger);
      if (!due) continue;
      const [escalation, hold] = this.#escalate(config, { ban, network, due });
      record.add(escalation);
      made.push(escalation);
      // What lies in this range lies in the wider ones.
      if (!hold) break;
      made.push(hold);
      trigger = escalation;
    }
    return made;
  }

  #escalate(
    config: NetworkConfig,
    {
      ban,
      network,
      due,
    }: { readonly ban: LedgerEntry; readonly network: Target; readonly due: Due },
  ): readonly [LedgerEntry, LedgerEntry?] {
    const { newEntry, clock, logger, neverBan, generation } = this.#given;
    const { observed, deeds } = due;
    const counted = deeds.map(({ id }) => id);
    const at = deeds.at(-1)?.at ?? ban.at;
    const range = parseRange(network);
    const forbidden = range && neverBan.touching(range);
    if (forbidden) {
      this.#refused++;
      const reason = `refused: it holds ${formatRange(forbidden.range)}, never banned: ${forbidden.why}`;
      logger.warn('range-refused', { range: network, reason });
      // For as long as bans count it is not tried again.
      const about = { at, holder: networkHolder, address: network, until: at + config.withinMs };
      const details = { reason, counted, refused: true, ...(observed && { observed }) };
      return [newEntry({ ...about, kind: 'escalate', details })];
    }
    this.#banned++;
    logger.info('range-banned', { range: network, addresses: deeds.length, observed });
    const until = config.banTimeMs === null ? null : at + config.banTimeMs;
    const about = { at, holder: networkHolder, address: network, until };
    const details = {
      via: generation.plan.networkLists ? networkHolder : ban.holder,
      reason: countedWords(config, deeds),
      ...(until !== null && until <= clock.now() && { ended: true }),
      ...(observed && { observed }),
    };
    return [
      newEntry({ ...about, kind: 'escalate', details: { ...details, counted } }),
      newEntry({ ...about, kind: 'ban', details }),
    ];
  }

  /** A reload has brought other rules. */
  #adopt(): void {
    const { plan, config } = this.#given.generation;
    if (plan === this.#plan) return;
    this.#plan = plan;
    this.#config = config.network;
    this.#records.clear();
    this.#unwritten.clear();
  }

  /** Somebody lifted a ban in it, which may change what counts. */
  #forget(target: Target): void {
    if (!this.#config || this.#records.size === 0) return;
    const { v4, v6 } = this.#config.prefixes;
    const range = parseRange(target);
    const widest = range && (range.family === 4 ? v4 : v6).at(-1);
    if (!range || widest === undefined || range.prefix < widest) return;
    const base = formatRange({ ...range, prefix: range.family === 4 ? 32 : 64 });
    const [network] = networksOf(base, { v4: [widest], v6: [widest] });
    if (network !== undefined) this.#records.delete(network);
  }

  #recordOf(config: NetworkConfig, widest: Target, at: number): NetworkRecord {
    const known = this.#records.get(widest);
    if (known) return known;
    const before = this.#written(widest, at - config.withinMs);
    const record = NetworkRecord.of(config, [...before, ...(this.#unwritten.get(widest) ?? [])]);
    if (this.#records.size >= this.#mostRecords) dropOldest(this.#records, this.#mostRecords);
    this.#records.set(widest, record);
    return record;
  }

  #written(network: Target, since: number): readonly LedgerEntry[] {
    const { ledger, writer, clock } = this.#given;
    const written = ledger.networkEntries(network, since);
    const waiting = writer.behind ? writer.waiting.entries : [];
    const now = clock.now();
    const inside = waiting.filter(({ address }) => isInside(address, network));
    return [...written, ...inside].filter((entry) => entry.at <= now);
  }
}

interface Due {
  readonly deeds: readonly Deed[];
  readonly observed: boolean;
}

function dueOf(
  record: NetworkRecord,
  network: Target,
  { id, details }: LedgerEntry,
): Due | undefined {
  if (details?.observed !== true) {
    const deeds = record.due(network, id, 'enforced');
    if (deeds) return { deeds, observed: false };
  }
  const deeds = record.due(network, id, 'all');
  return deeds && { deeds, observed: true };
}

function countedWords({ withinMs }: NetworkConfig, deeds: readonly Deed[]): string {
  const ranges = deeds.filter(({ member = '' }) => isNetwork(member)).length;
  const addresses = deeds.length - ranges;
  const words = [
    ...(addresses > 0 ? [`${addresses} ${addresses === 1 ? 'address' : 'addresses'}`] : []),
    ...(ranges > 0 ? [`${ranges} ${ranges === 1 ? 'range' : 'ranges'}`] : []),
  ];
  return `${words.join(' and ')} of it banned within ${formatDuration(withinMs)}`;
}
