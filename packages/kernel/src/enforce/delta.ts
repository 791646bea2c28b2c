import type { ActionLimits, Change, Target } from '@remand/api';
import { beyondLimits } from './beyond-limits.ts';
import type { EntryTable } from './entry-table.ts';
import { endsInTime, type Instant, jitterMs, timeoutFor, wantedEnd } from './timeouts.ts';

export interface DeltaGiven {
  readonly table: EntryTable;
  readonly limits: ActionLimits;
  readonly until: (target: Target) => number | null | undefined;
  readonly at: Instant;
  /** Whether a change of this target waits for a later time. */
  readonly postponed: (target: Target) => boolean;
}

/** What it takes to make a list hold what it should. */
export interface Delta {
  /** Removals first, so that they make room. */
  readonly changes: readonly Change[];
  /** Targets whose row has to be written; those of changes before the changes. */
  readonly unrecorded: readonly Target[];
  /** Not ours to keep in and not in as ours: only a row may be left of them. */
  readonly gone: readonly Target[];
  /** As they should be. */
  readonly fine: readonly Target[];
  /** What the action cannot enter at all. */
  readonly beyond: ReadonlyMap<Target, string>;
  /** What finds no room now. */
  readonly crowded: readonly Target[];
}

interface Candidate {
  readonly target: Target;
  readonly until: number | null;
  readonly end: number;
}

export function delta(targets: Iterable<Target>, given: DeltaGiven): Delta {
  const { table, limits, at } = given;
  const removes: Change[] = [];
  const enters: Change[] = [];
  const adds: Candidate[] = [];
  const unrecorded: Target[] = [];
  const gone: Target[] = [];
  const fine: Target[] = [];
  const beyond = new Map<Target, string>();
  let freed = 0;
  for (const target of targets) {
    const until = given.until(target);
    const end = wantedEnd(until, limits.maxTimeoutMs, at);
    const entry = table.get(target);
    const presence = entry?.presence ?? 'out';
    if (until === undefined || end === undefined) {
      // The kernel's own timeout needs no help: until it fires the row is not missed, because the
      // entry cannot outlive it by more than the rounding, and a reading in between finds a
      // foreign entry that is about to leave, which is left alone or, if banned again, taken over.
      if (
        presence === 'out' ||
        (presence === 'in' && (entry?.endsAt ?? 0) <= at.steady + jitterMs)
      ) {
        gone.push(target);
        if (presence === 'in') freed++;
      } else if (!given.postponed(target)) {
        removes.push({ op: 'remove', target, timeoutMs: null });
      }
      continue;
    }
    const reason = beyondLimits(limits, target);
    if (reason !== undefined) {
      beyond.set(target, reason);
      continue;
    }
    const foreignEnd = table.foreignEnd(target, at.steady);
    if (presence === 'out' && foreignEnd !== undefined && foreignEnd >= end) {
      // Somebody else blocks it for at least as long. It stays theirs, so that it stays in when
      // our hold ends; one that ends before ours is taken over instead, and cannot be missed.
      gone.push(target);
      continue;
    }
    if (presence === 'in' && entry && endsInTime(entry.endsAt, end)) {
      fine.push(target);
      if (!entry.recorded) unrecorded.push(target);
      continue;
    }
    if (given.postponed(target)) continue;
    if (presence === 'out' && foreignEnd === undefined) {
      adds.push({ target, until, end });
      continue;
    }
    enters.push({ op: 'extend', target, timeoutMs: timeoutFor(end, at) });
    if (!entry?.recorded) unrecorded.push(target);
  }
  const room = roomFor(limits, table.occupied - removes.length - freed);
  const { inside, outside } = longestFirst(adds, room);
  for (const { target, end } of inside) {
    enters.push({ op: 'add', target, timeoutMs: timeoutFor(end, at) });
    if (!table.get(target)?.recorded) unrecorded.push(target);
  }
  const crowded = outside.map(({ target }) => target);
  return { changes: [...removes, ...enters], unrecorded, gone, fine, beyond, crowded };
}

export function roomFor({ maxEntries }: ActionLimits, occupied: number): number {
  return maxEntries === undefined ? Number.POSITIVE_INFINITY : Math.max(0, maxEntries - occupied);
}

/** Where not all fit, the bans that last longest go in. */
function longestFirst(adds: readonly Candidate[], room: number) {
  if (adds.length <= room) return { inside: adds, outside: [] };
  const end = ({ until }: Candidate) => until ?? Number.POSITIVE_INFINITY;
  const sorted = adds.toSorted((left, right) =>
    end(left) === end(right) ? 0 : end(right) - end(left),
  );
  return { inside: sorted.slice(0, room), outside: sorted.slice(room) };
}
