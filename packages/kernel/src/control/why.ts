import type { AddressArgs, LedgerEntry, WhyEvent, WhyReport } from '@remand/api';
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
  const { ledger, holds } = parts;
  const offences: WhyEvent[] = ledger.offencesOf(target, most).map(({ at, jail, line }) => ({
    at: isoTime(at),
    kind: 'offence',
    holder: jail,
    line,
  }));
  const entries = ledger.entriesOf(target, most).map(eventOf);
  const live = holds.of(target);
  return {
    address: target,
    live: live.length > 0,
    until: isoUntil(longest(live) ?? null),
    holds: live.map((hold) => holdReport(parts, hold)),
    // At the same time an offence comes before the ban that it causes.
    events: [...offences, ...entries].sort((left, right) => left.at.localeCompare(right.at)),
  };
}

function eventOf({ at, kind, holder, until, details }: LedgerEntry): WhyEvent {
  return {
    at: isoTime(at),
    kind,
    holder,
    ...(until !== undefined && { until: isoUntil(until) }),
    ...(details?.evidence && { evidence: details.evidence }),
    ...(details?.list !== undefined && { list: details.list }),
    ...(details?.reason !== undefined && { reason: details.reason }),
    ...(details?.observed && { observed: true }),
    ...(details?.ended && { ended: true }),
    ...(details?.mistake && { mistake: true }),
    ...(details?.counted && { counted: details.counted.length }),
    ...(details?.via !== undefined && details.via !== holder && { via: details.via }),
  };
}
