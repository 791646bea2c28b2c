import type { StatusReport, StillSeenAddress } from '@remand/api';
import type { Concern } from './attention.ts';

/** A line for each likely reason, with the address that was seen last. */
export function stillSeenConcerns({ stillSeen }: Pick<StatusReport, 'stillSeen'>): Concern[] {
  const { addresses, latest } = stillSeen;
  const byReason = new Map<string, StillSeenAddress[]>();
  for (const one of latest) {
    const key = `${one.holder} ${one.reason}`;
    byReason.set(key, [...(byReason.get(key) ?? []), one]);
  }
  const found = [...byReason.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const what = `${first.address}${others.length > 0 ? ` and ${others.length} more` : ''}`;
    const verb = others.length > 0 ? 'are' : 'is';
    const reason = `${verb} banned by ${first.holder} and still seen: ${first.reason}`;
    return [{ what, reason, hint: first.hint }];
  });
  const rest = addresses - latest.length;
  if (rest > 0) {
    found.push({
      what: 'still seen',
      reason: `${rest} more banned addresses go on`,
      hint: '`remand why ADDRESS` says what is known of each',
    });
  }
  return found;
}
