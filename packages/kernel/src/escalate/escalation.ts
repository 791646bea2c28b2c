import {
  type JailConfig,
  type LedgerEntry,
  printable,
  type RungConfig,
  reasonOf,
  type Target,
} from '@remand/api';
import { dropOldest } from '../detect/drop-oldest.ts';
import type { KernelParts } from '../parts.ts';
import { AddressRecord } from './address-record.ts';
import { banTime } from './ban-time.ts';
import { escalate } from './escalate.ts';
import { rememberedMs } from './keep-entries.ts';
import { writtenEntries } from './written-entries.ts';

interface Given
  extends Pick<
    KernelParts,
    'clock' | 'fuse' | 'generation' | 'ledger' | 'logger' | 'newEntry' | 'writer'
  > {
  readonly decisions: Pick<KernelParts['decisions'], 'onEntries'>;
}

/** Addresses whose records are kept in memory; those of others are read from the ledger. */
const mostRecords = 20_000;

/** Decides which rungs a ban fires, before anybody learns of the ban. */
export class Escalation {
  readonly #given: Given;
  readonly #escalated = new Map<string, number>();

  readonly #records = new Map<Target, AddressRecord>();
  readonly #mostRecords: number;
  #plan: KernelParts['generation']['plan'] | undefined;
  #rungs: readonly RungConfig[] = [];
  /** How far back entries matter, in ms. */
  #reachMs = 0;

  /** @param most how many records are kept in memory */
  constructor(given: Given, most: number = mostRecords) {
    this.#given = given;
    this.#mostRecords = most;
    given.decisions.onEntries((entries) => {
      for (const { kind, address } of entries) if (kind === 'unban') this.#records.delete(address);
    });
  }

  /** How many escalations to a rung there were since the start. */
  escalated(rung: string): number {
    return this.#escalated.get(rung) ?? 0;
  }

  /**
   * How long a jail bans an address now, and, where each further ban is longer, which one it is.
   * Never throws: it is the first when the ledger cannot be asked.
   * @param decided what was decided for the address and is not written yet
   */
  banTime(
    jail: JailConfig,
    ban: Pick<LedgerEntry, 'address' | 'at'> & { readonly observed: boolean },
    decided: readonly LedgerEntry[],
  ): { readonly banTimeMs: number | null; readonly number?: number } {
    const { address, at, observed } = ban;
    if (!jail.banGrowth || jail.banTimeMs === null) return { banTimeMs: jail.banTimeMs };
    this.#adopt();
    let number = 1;
    try {
      number = this.#recordOf(address, at, decided).nextNumber(jail, { at, observed });
    } catch (error) {
      this.#failed(address, error);
    }
    return { banTimeMs: banTime(jail, address, number), number };
  }

  /**
   * The entries that a jail's ban brings about. Never throws: without them the ban is still right.
   * @param decided what was decided for the address before and is not written yet
   */
  follow(ban: LedgerEntry, decided: readonly LedgerEntry[]): readonly LedgerEntry[] {
    const { generation, fuse, clock, newEntry, logger } = this.#given;
    const { rungs } = generation.plan;
    this.#adopt();
    if (rungs.length === 0 && ban.details?.number === undefined) return [];
    const { address } = ban;
    try {
      const record = this.#recordOf(address, ban.at, decided);
      record.add(ban);
      // What is not decided now is counted at the next ban.
      if (fuse.tripped) return [];
      const made = escalate(ban, record, { rungs, newEntry, now: clock.now() });
      for (const { kind, holder, details } of made) {
        if (kind !== 'escalate') continue;
        this.#escalated.set(holder, this.escalated(holder) + 1);
        logger.info('escalated', { rung: holder, address, observed: details?.observed === true });
      }
      return made;
    } catch (error) {
      this.#failed(address, error);
      return [];
    }
  }

  /** The clock was set back: what is from after now must not push anything out of a window. */
  clockSetBack(): void {
    this.#records.clear();
  }

  #failed(address: Target, error: unknown): void {
    this.#records.delete(address);
    const reason = printable(reasonOf(error));
    this.#given.logger.error('escalation-failed', { address, reason });
  }

  /** A reload has brought other rules. */
  #adopt(): void {
    const { plan, config } = this.#given.generation;
    if (plan === this.#plan) return;
    this.#plan = plan;
    this.#rungs = plan.rungs.map((rung) => rung.config);
    const reaches = [
      ...this.#rungs.map(({ withinMs }) => withinMs),
      ...config.jails.map(rememberedMs),
    ];
    this.#reachMs = Math.max(0, ...reaches);
    this.#records.clear();
  }

  #recordOf(address: Target, at: number, decided: readonly LedgerEntry[]): AddressRecord {
    const known = this.#records.get(address);
    if (known) return known;
    const before = writtenEntries(this.#given, address, at - this.#reachMs);
    const record = AddressRecord.of(this.#rungs, [...before, ...decided]);
    if (this.#records.size >= this.#mostRecords) dropOldest(this.#records, this.#mostRecords);
    this.#records.set(address, record);
    return record;
  }
}
