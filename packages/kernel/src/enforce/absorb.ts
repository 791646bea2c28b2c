import type { ListedEntry, Target } from '@remand/api';
import type { EntryTable } from './entry-table.ts';
import { endsInTime, type Instant, jitterMs, lateMs, never, readsAs } from './timeouts.ts';

export interface AbsorbGiven {
  readonly table: EntryTable;
  readonly ownership: 'own' | 'shared';
  /** False where the firewall counts nothing down: whatever it shows is not an end. */
  readonly hasTimeouts: boolean;
  /** When the reading began. */
  readonly at: Instant;
  /** How long it took: the figures are that much in doubt. */
  readonly slackMs: number;
  readonly wantedEnd: (target: Target) => number | undefined;
  /** Whether a call that was given up may still enter or remove it. */
  readonly isDoubtful: (target: Target) => boolean;
}

/** Differences that others made. */
export interface Found {
  readonly missing: number;
  readonly extra: number;
}

/** Takes what the firewall holds for the truth. Never while something of ours is under way. */
export function absorb(listed: readonly ListedEntry[], given: AbsorbGiven): Found {
  const { table, ownership, at } = given;
  const ends = new Map<Target, number>();
  for (const { target, remainingMs } of listed) {
    const counts = remainingMs !== null && given.hasTimeouts;
    ends.set(target, counts ? at.steady + remainingMs : never);
  }
  // What leaves by itself in a moment is the end of a hold, not a difference.
  const stays = (end: number) => end > at.steady + 2 * lateMs + given.slackMs;
  let missing = 0;
  let extra = 0;
  for (const [target, entry] of table.entries()) {
    const end = ends.get(target);
    if (end === undefined) {
      if (entry.presence === 'in' && entry.endsAt > at.steady + lateMs + given.slackMs) missing++;
      if (given.isDoubtful(target)) table.set(target, 'maybe');
      else if (entry.recorded) table.set(target, 'out');
      else table.forget(target);
      continue;
    }
    if (ownership === 'shared' && entry.presence === 'out') continue;
    ends.delete(target);
    if (entry.presence === 'in') {
      if (!readsAs(end, entry.endsAt, given.slackMs)) table.set(target, 'in', end);
      continue;
    }
    const wanted = given.wantedEnd(target);
    if (wanted === undefined && entry.presence === 'out' && stays(end)) extra++;
    table.set(target, 'in', meantEnd(end, wanted, given.slackMs));
  }
  if (ownership === 'shared') {
    table.setForeign(ends);
    return { missing, extra };
  }
  for (const [target, end] of ends) {
    const wanted = given.wantedEnd(target);
    if (wanted === undefined && stays(end)) extra++;
    table.set(target, 'in', meantEnd(end, wanted, given.slackMs));
  }
  return { missing, extra };
}

/** An entry of an earlier life is taken over as it is, when it ends about when it should. */
function meantEnd(listed: number, wanted: number | undefined, slackMs: number): number {
  if (wanted === undefined || wanted === never || listed === never) return listed;
  // What is shown may be rounded down, or be the end of a hold that was lengthened when the daemon
  // was killed: it is entered again rather than let go early.
  const tooEarly = wanted - listed > jitterMs + slackMs;
  return !tooEarly && readsAs(listed, wanted, slackMs) && !endsInTime(listed, wanted)
    ? wanted
    : listed;
}
