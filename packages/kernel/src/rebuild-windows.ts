import { setImmediate } from 'node:timers/promises';
import type { KernelConfig, LedgerEntry } from '@remand/api';
import { isNetwork } from './address/networks.ts';
import { longestBan } from './escalate/ban-time.ts';
import { endedHold } from './ledger/hold-rule.ts';
import type { BanTimes, Hold, StoredOffence } from './ledger/ledger.ts';
import type { KernelParts } from './parts.ts';

export interface RebuildGiven extends Pick<KernelParts, 'jails' | 'ledger' | 'clock'> {
  /** Gets the range holds that are over; not needed when they are known. */
  readonly holds?: KernelParts['holds'];
  readonly generation?: { readonly config: Pick<KernelConfig, 'network'> };
  /** Has what is not in the ledger yet; not needed before the first line. */
  readonly writer?: KernelParts['writer'];
}

/**
 * Counts the offences of jails again, after a start or when a reload changed their limits. Those
 * that a ban has used up do not count: the counter began at nothing after it. A backlog may hold
 * lines from the time of a hold that is over. A backlog that was not read to its end goes on at its
 * own times: what it has counted so far counts however old it is. The answers of the windows are no
 * decisions here.
 */
export function rebuildWindows(given: RebuildGiven): void {
  for (const _slice of rebuilding(given)) {
    // Nothing happens in between.
  }
}

/** The same in slices, so that firewalls are answered meanwhile. No line may be read before its end. */
export async function rebuildWindowsMeanwhile(given: RebuildGiven): Promise<void> {
  for (const _slice of rebuilding(given)) await setImmediate();
}

/** Rows for which nobody has to wait. */
const slice = 2_000;

function* rebuilding({
  jails,
  ledger,
  writer,
  clock,
  holds,
  generation,
}: RebuildGiven): Iterable<void> {
  let rows = 0;
  const now = clock.now();
  const byName = new Map(jails.map((jail) => [jail.config.name, jail]));
  const longest = Math.max(0, ...jails.map(({ config }) => config.findTimeMs));
  const rangeBanMs = generation?.config.network?.banTimeMs ?? 0;
  const longestMs = Math.max(rangeBanMs, ...jails.map(({ config }) => longestBan(config)));
  // Older ones are there only because a backlog caused them.
  const from = Math.min(now, ledger.oldestOffences() ?? now) - longest;
  const usedUpAt = new Map<string, Map<string, number>>();
  // What waits for a disk is newer than everything that is written.
  const { offences, entries } = writer?.waiting ?? { offences: [], entries: [] };
  const bans = entries.flatMap(({ kind, until = null, ...entry }) =>
    kind === 'ban' || kind === 'unban' ? [{ ...entry, kind, until }] : [],
  );
  const stored = ledger.bansSince(from - longest - longestMs);
  for (const { kind, holder, address, at, until } of inTurn<BanTimes>(stored, bans)) {
    if (++rows % slice === 0) yield;
    if (kind === 'unban') {
      byName.get(holder)?.pastHolds.lift(address, at);
      continue;
    }
    const ofHolder = usedUpAt.get(holder) ?? new Map<string, number>();
    usedUpAt.set(holder, ofHolder.set(address, at));
    if (holds && until !== null && until <= now && isNetwork(address)) {
      const over = endedRange(ledger.entriesOf(address, entriesBack), at);
      if (over) holds.ranges.set(over);
    }
    // Also one that is live: somebody may lift it while a backlog is read.
    if (until !== null) byName.get(holder)?.pastHolds.add(address, until);
  }
  const since = ledger.offencesSince(from);
  for (const offence of inTurn<StoredOffence>(since, offences)) {
    if (++rows % slice === 0) yield;
    if (offence.at > now) continue;
    const usedUp = usedUpAt.get(offence.jail)?.get(offence.address);
    if (usedUp === undefined || offence.at > usedUp) byName.get(offence.jail)?.window.add(offence);
  }
}

const entriesBack = 100;

/** The hold of a range that a ban began, unless somebody lifted it. */
function endedRange(entries: readonly LedgerEntry[], at: number): Hold | undefined {
  const ban = entries.findLast((entry) => entry.kind === 'ban' && entry.at === at);
  const isLifted = ({ kind, holder, at: later }: LedgerEntry) =>
    kind === 'unban' && holder === ban?.holder && later >= at;
  return ban && !entries.some(isLifted) ? endedHold(ban) : undefined;
}

function* inTurn<T>(...all: readonly Iterable<T>[]): Iterable<T> {
  for (const some of all) yield* some;
}
