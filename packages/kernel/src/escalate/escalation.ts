import { type LedgerEntry, printable, reasonOf, type Target } from '@remand/api';
import type { KernelParts } from '../parts.ts';
import { escalate } from './escalate.ts';

type Given = Pick<
  KernelParts,
  'clock' | 'fuse' | 'generation' | 'ledger' | 'logger' | 'newEntry' | 'writer'
>;

/** Decides which rungs a ban fires, before anybody learns of the ban. */
export class Escalation {
  readonly #given: Given;
  readonly #escalated = new Map<string, number>();

  constructor(given: Given) {
    this.#given = given;
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
    if (rungs.length === 0 || fuse.tripped) return [];
    try {
      const longest = Math.max(...rungs.map(({ config }) => config.withinMs));
      const before = this.#before(ban.address, ban.at - longest);
      const given = { rungs, newEntry, now: clock.now() };
      const made = escalate(ban, [...before, ...decided], given);
      for (const { kind, holder, address, details } of made) {
        if (kind !== 'escalate') continue;
        this.#escalated.set(holder, this.escalated(holder) + 1);
        logger.info('escalated', { rung: holder, address, observed: details?.observed === true });
      }
      return made;
    } catch (error) {
      logger.error('escalation-failed', {
        address: ban.address,
        reason: printable(reasonOf(error)),
      });
      return [];
    }
  }

  #before(address: Target, since: number): readonly LedgerEntry[] {
    const { ledger, writer } = this.#given;
    const written = ledger.recordEntries(address, since);
    if (!writer.behind) return written;
    return [...written, ...writer.waiting.entries.filter((one) => one.address === address)];
  }
}
