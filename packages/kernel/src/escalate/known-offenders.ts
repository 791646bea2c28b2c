import { type JailConfig, type LedgerEntry, printable, reasonOf, type Target } from '@remand/api';
import { dropOldest } from '../detect/drop-oldest.ts';
import { isJailBan, jailBans } from '../ledger/counted-bans.ts';
import type { KernelParts } from '../parts.ts';
import { writtenEntries } from './written-entries.ts';

interface Given extends Pick<KernelParts, 'clock' | 'generation' | 'ledger' | 'logger' | 'writer'> {
  readonly decisions: Pick<KernelParts['decisions'], 'onEntries'>;
}

/** Addresses of which it is remembered when they were banned last; others are read from the ledger. */
const mostKnown = 100_000;

/** When an address was banned last, in ms since the epoch; -Infinity for never. */
interface LastBan {
  readonly enforced: number;
  /** Also by jails that only observe. */
  readonly any: number;
}

const never: LastBan = { enforced: Number.NEGATIVE_INFINITY, any: Number.NEGATIVE_INFINITY };

/**
 * Who was banned lately, for jails that give a known offender fewer tries. Follows from the ledger, so
 * that a restart and a replay decide the same.
 */
export class KnownOffenders {
  readonly #given: Given;
  readonly #most: number;
  readonly #lastBans = new Map<Target, LastBan>();
  #plan: KernelParts['generation']['plan'] | undefined;
  #isOn = false;

  /** @param most how many addresses are remembered */
  constructor(given: Given, most: number = mostKnown) {
    this.#given = given;
    this.#most = most;
    given.decisions.onEntries((entries) => {
      for (const { kind, address } of entries) if (kind === 'unban') this.#lastBans.delete(address);
    });
  }

  /**
   * How many offences ban an address now.
   * @param at when the offence counts
   * @param observed whether the jail only observes: then what others only observed counts too
   */
  maxRetry(
    { maxRetry, knownMaxRetry }: Pick<JailConfig, 'maxRetry' | 'knownMaxRetry'>,
    target: Target,
    { at, observed }: { readonly at: number; readonly observed: boolean },
  ): number {
    if (!knownMaxRetry) return maxRetry;
    const last = this.#lastBanOf(target);
    const isKnown = at - (observed ? last.any : last.enforced) < knownMaxRetry.withinMs;
    return isKnown ? Math.min(maxRetry, knownMaxRetry.maxRetry) : maxRetry;
  }

  /** A jail has banned an address; the entry is not written yet. */
  banned(ban: LedgerEntry): void {
    if (this.#isUsed()) this.#remember(ban.address, later(this.#lastBanOf(ban.address), ban));
  }

  /** The clock was set back: what is from after now does not count. */
  clockSetBack(): void {
    this.#lastBans.clear();
  }

  #isUsed(): boolean {
    const { plan, config } = this.#given.generation;
    if (plan !== this.#plan) {
      this.#plan = plan;
      this.#isOn = config.jails.some(({ knownMaxRetry }) => knownMaxRetry !== undefined);
      // While it was off nobody was remembered.
      this.#lastBans.clear();
    }
    return this.#isOn;
  }

  /** Never throws: who cannot be looked up has as many tries as anybody. */
  #lastBanOf(target: Target): LastBan {
    const isUsed = this.#isUsed();
    const known = this.#lastBans.get(target);
    if (known || !isUsed) return known ?? never;
    try {
      const bans = jailBans(writtenEntries(this.#given, target, 0));
      const last = bans.reduce(later, never);
      this.#remember(target, last);
      return last;
    } catch (error) {
      const reason = printable(reasonOf(error));
      this.#given.logger.error('escalation-failed', { address: target, reason });
      return never;
    }
  }

  #remember(target: Target, last: LastBan): void {
    if (this.#lastBans.size >= this.#most) dropOldest(this.#lastBans, this.#most);
    this.#lastBans.set(target, last);
  }
}

function later({ enforced, any }: LastBan, ban: LedgerEntry): LastBan {
  if (!isJailBan(ban)) return { enforced, any };
  const isEnforced = ban.details?.observed !== true;
  return {
    enforced: isEnforced ? Math.max(enforced, ban.at) : enforced,
    any: Math.max(any, ban.at),
  };
}
