import { type LedgerEntry, printable, type RungConfig, reasonOf, type Target } from '@remand/api';
import { dropOldest } from '../detect/drop-oldest.ts';
import type { KernelParts } from '../parts.ts';
import { AddressRecord } from './address-record.ts';
import { escalate } from './escalate.ts';

type Given = Pick<
  KernelParts,
  'clock' | 'decisions' | 'fuse' | 'generation' | 'ledger' | 'logger' | 'newEntry' | 'writer'
>;

type Rungs = KernelParts['generation']['plan']['rungs'];

/** Addresses whose records are kept in memory; those of others are read from the ledger. */
const mostRecords = 20_000;

/** Decides which rungs a ban fires, before anybody learns of the ban. */
export class Escalation {
  readonly #given: Given;
  readonly #escalated = new Map<string, number>();

  readonly #records = new Map<Target, AddressRecord>();
  readonly #mostRecords: number;
  #rungs: Rungs = [];
  #configs: readonly RungConfig[] = [];

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
   * The entries that a jail's ban brings about. Never throws: without them the ban is still right.
   * @param decided what was decided for the address and is not written yet, this ban last
   */
  follow(ban: LedgerEntry, decided: readonly LedgerEntry[]): readonly LedgerEntry[] {
    const { generation, fuse, clock, newEntry, logger } = this.#given;
    const { rungs } = generation.plan;
    if (rungs !== this.#rungs) this.#adopt(rungs);
    if (rungs.length === 0) return [];
    const { address } = ban;
    try {
      const record = this.#recordOf(ban, decided);
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
      this.#records.delete(address);
      logger.error('escalation-failed', { address, reason: printable(reasonOf(error)) });
      return [];
    }
  }

  #adopt(rungs: Rungs): void {
    this.#rungs = rungs;
    this.#configs = rungs.map(({ config }) => config);
    this.#records.clear();
  }

  #recordOf(ban: LedgerEntry, decided: readonly LedgerEntry[]): AddressRecord {
    const known = this.#records.get(ban.address);
    if (known) {
      known.add(ban);
      return known;
    }
    const rungs = this.#configs;
    const longest = Math.max(...rungs.map(({ withinMs }) => withinMs));
    const before = this.#written(ban.address, ban.at - longest);
    const record = AddressRecord.of(rungs, [...before, ...decided]);
    if (this.#records.size >= this.#mostRecords) dropOldest(this.#records, this.#mostRecords);
    this.#records.set(ban.address, record);
    return record;
  }

  #written(address: Target, since: number): readonly LedgerEntry[] {
    const { ledger, writer } = this.#given;
    const written = ledger.recordEntries(address, since);
    if (!writer.behind) return written;
    return [...written, ...writer.waiting.entries.filter((one) => one.address === address)];
  }
}
