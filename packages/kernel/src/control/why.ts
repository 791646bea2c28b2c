import type { AddressArgs, LedgerEntry, Target, WhyEvent, WhyReport } from '@remand/api';
import { networksOf } from '../address/networks.ts';
import { isLiveAt } from '../ledger/hold-rule.ts';
import type { Hold } from '../ledger/ledger.ts';
import type { KernelParts } from '../parts.ts';
import { longest } from '../routes.ts';
import { targetArgument } from './address-argument.ts';
import { holdReport } from './bans.ts';
import { isoTime, isoUntil } from './times.ts';

/** Most events of each sort that one answer holds. */
const most = 1_000;

/** The story of an address, from the ledger. */
export function why(parts: KernelParts, { address }: AddressArgs): WhyReport {
  const target = targetArgument(address, parts);
  const { ledger, holds, clock } = parts;
  const now = clock.now();
  const around = holds.ranges.around(target).filter((hold) => isLiveAt(hold, now));
  const offences: WhyEvent[] = ledger.offencesOf(target, most).map(({ at, jail, line }) => ({
    at: isoTime(at),
    kind: 'offence',
    holder: jail,
    line,
  }));
  const entries = ledger.entriesOf(target, most).map((entry) => eventOf(entry));
  const ofRanges = rangesAround(parts, target, around).flatMap((range) =>
    ledger.entriesOf(range, most).map((entry) => eventOf(entry, range)),
  );
  const live = [...holds.of(target), ...around];
  return {
    address: target,
    live: live.length > 0,
    until: isoUntil(longest(live) ?? null),
    holds: live.map((hold) => ({
      ...holdReport(parts, hold),
      ...(hold.target !== target && { range: hold.target }),
    })),
    // At the same time an offence comes before the ban that it causes.
    events: [...offences, ...entries, ...ofRanges].sort((left, right) =>
      left.at.localeCompare(right.at),
    ),
  };
}

/** The ranges with an address in them that are held, or could be. */
function rangesAround(
  { generation }: KernelParts,
  target: Target,
  held: readonly Hold[],
): readonly Target[] {
  const { network } = generation.config;
  const configured = network ? networksOf(target, network.prefixes) : [];
  return [...new Set([...held.map((hold) => hold.target), ...configured])];
}

function eventOf({ at, kind, holder, until, details }: LedgerEntry, range?: Target): WhyEvent {
  return {
    at: isoTime(at),
    kind,
    holder,
    ...(range !== undefined && { range }),
    ...(until !== undefined && { until: isoUntil(until) }),
    ...(details?.evidence && { evidence: details.evidence }),
    ...(details?.list !== undefined && { list: details.list }),
    ...(details?.reason !== undefined && { reason: details.reason }),
    ...(details?.told !== undefined && { told: details.told }),
    ...(details?.observed && { observed: true }),
    ...(details?.ended && { ended: true }),
    ...(details?.refused && { refused: true }),
    ...(details?.mistake && { mistake: true }),
    ...(details?.counted && { counted: details.counted.length }),
    ...(details?.via !== undefined && details.via !== holder && { via: details.via }),
  };
}
