import type { BanReport, BansArgs, HoldReport } from '@remand/api';
import type { Hold } from '../ledger/ledger.ts';
import type { KernelParts } from '../parts.ts';
import { longest } from '../routes.ts';
import { isoTime, isoUntil } from './times.ts';

/** Every address that is held now, the newest ban first. */
export function bans(parts: KernelParts, { since }: BansArgs): readonly BanReport[] {
  const byTarget = new Map<string, Hold[]>();
  for (const hold of parts.holds.all()) {
    const there = byTarget.get(hold.target);
    if (there) there.push(hold);
    else byTarget.set(hold.target, [hold]);
  }
  return [...byTarget.values()]
    .filter((holds) => since === undefined || holds.some((hold) => hold.since >= since))
    .sort((left, right) => newest(right) - newest(left))
    .map((holds) => banReport(parts, holds));
}

function banReport(parts: KernelParts, holds: readonly Hold[]): BanReport {
  const reports = holds.map((hold) => holdReport(parts, hold));
  const lists = reports.flatMap((report) => report.lists);
  return {
    address: holds[0]?.target ?? '',
    until: isoUntil(longest(holds) ?? null),
    holds: reports,
    enforced: lists.length > 0 && lists.every(({ enforced }) => enforced),
  };
}

export function holdReport({ routes, enforcer }: KernelParts, hold: Hold): HoldReport {
  return {
    holder: hold.holder,
    since: isoTime(hold.since),
    until: isoUntil(hold.until),
    lists: routes.listsOf(hold).map((list) => ({ list, ...enforcer.stateOf(list, hold.target) })),
  };
}

function newest(holds: readonly Hold[]): number {
  return Math.max(...holds.map(({ since }) => since));
}
