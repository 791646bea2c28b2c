import { formatDuration, type LedgerEntry, type RungConfig } from '@remand/api';
import type { NewEntry } from '../parts.ts';
import type { PlannedRung } from '../plugins/plan.ts';
import type { AddressRecord } from './address-record.ts';
import type { Deed } from './rung-count.ts';

export interface EscalateGiven {
  /** In the order in which they are decided: one that counts escalations after those. */
  readonly rungs: readonly PlannedRung[];
  readonly newEntry: NewEntry;
  readonly now: number;
}

/**
 * What a jail's ban brings about: for each rung that it fires an `escalate` entry, which says what
 * was counted, and the rung's ban. The record has the ban, and afterwards these entries.
 */
export function escalate(
  ban: LedgerEntry,
  record: AddressRecord,
  { rungs, newEntry, now }: EscalateGiven,
): readonly LedgerEntry[] {
  const made: LedgerEntry[] = [];
  for (const { config, lists } of rungs) {
    const trigger = config.of === undefined ? ban : escalationTo(config.of, made);
    const due = trigger && decide(config, record, trigger);
    if (!due) continue;
    const at = due.deeds.at(-1)?.at ?? ban.at;
    const until = config.banTimeMs === null ? null : at + config.banTimeMs;
    const about = { at, holder: config.name, address: ban.address, until };
    const details = {
      via: lists ? config.name : ban.holder,
      reason: reasonOf(config, due.deeds.length),
      ...(until !== null && until <= now && { ended: true }),
      ...(due.observed && { observed: true }),
    };
    const counted = due.deeds.map(({ id }) => id);
    const escalation = newEntry({ ...about, kind: 'escalate', details: { ...details, counted } });
    record.add(escalation);
    made.push(escalation, newEntry({ ...about, kind: 'ban', details }));
  }
  return made;
}

function escalationTo(rung: string, made: readonly LedgerEntry[]): LedgerEntry | undefined {
  return made.find(({ kind, holder }) => kind === 'escalate' && holder === rung);
}

function decide(
  rung: RungConfig,
  record: AddressRecord,
  { id, details }: LedgerEntry,
): { readonly deeds: readonly Deed[]; readonly observed: boolean } | undefined {
  if (details?.observed !== true) {
    const deeds = record.due(rung, id, 'enforced');
    if (deeds) return { deeds, observed: false };
  }
  const deeds = record.due(rung, id, 'all');
  return deeds && { deeds, observed: true };
}

function reasonOf({ of, withinMs }: RungConfig, count: number): string {
  const one = of === undefined ? 'ban' : `escalation to ${of}`;
  const several = of === undefined ? 'bans' : `escalations to ${of}`;
  return `${count} ${count === 1 ? one : several} within ${formatDuration(withinMs)}`;
}
