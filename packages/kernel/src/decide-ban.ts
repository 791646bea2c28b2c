import type { LedgerEntry } from '@remand/api';
import type { BanProposal } from './detect/round.ts';
import { type DecidedBan, isInForce } from './notify/tell-bans.ts';
import type { KernelParts } from './parts.ts';

/** A ban with all that it brings about; nothing is written and nothing is held yet. */
export interface Decision extends DecidedBan {
  /** What became of the ranges around it. */
  readonly ranges: readonly LedgerEntry[];
  /** Whether it tripped the fuse. */
  readonly trips: boolean;
}

/** What decides; `KernelParts` has it. */
export type DecidingParts = Pick<
  KernelParts,
  'newEntry' | 'clock' | 'fuse' | 'escalation' | 'network' | 'known'
>;

/**
 * Decides for how long an address is banned and what follows, before anybody learns of it.
 * @param given.earlier what was decided for the address before and is not written yet
 */
export function decideBan(
  parts: DecidingParts,
  { jail, target, at, evidence }: BanProposal,
  given: { readonly observed: boolean; readonly earlier: readonly LedgerEntry[] },
): Decision {
  const { newEntry, clock, fuse, escalation, network, known } = parts;
  const { observed, earlier } = given;
  const about = { address: target, at, observed };
  const { banTimeMs, number } = escalation.banTime(jail.config, about, earlier);
  const until = banTimeMs === null ? null : at + banTimeMs;
  const ended = until !== null && until <= clock.now();
  const ban = newEntry({
    at,
    kind: 'ban',
    holder: jail.config.name,
    address: target,
    until,
    details: {
      evidence,
      offences: evidence.length,
      ...(number !== undefined && { number }),
      ...(ended && { ended }),
      ...(observed && { observed }),
    },
  });
  known.banned(ban);
  const trips = isInForce(ban) && fuse.count(1, clock.now());
  const followed = escalation.follow(ban, earlier);
  return { ban, followed, ranges: network.follow(ban), trips };
}
