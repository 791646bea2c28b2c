import type { Health, ListStatus, Target } from '@remand/api';
import type { EntryTable } from './entry-table.ts';
import type { ListCore } from './list-core.ts';
import { type Instant, wantedEnd } from './timeouts.ts';

export interface EntryState {
  readonly enforced: boolean;
  /** Why not; `unrecorded` also stands beside an enforced one that could not be written down. */
  readonly reason?: string;
}

/** `down`: waiting for the next try. */
export type Phase = 'new' | 'starting' | 'ready' | 'down' | 'paused' | 'stopped';

/** What a list knows about itself besides its core. */
export interface ListView {
  readonly phase: Phase;
  /** Of the list as a whole. */
  readonly trouble: { readonly reason: string; readonly hint: string } | undefined;
  readonly isPending: (target: Target) => boolean;
  readonly pending: number;
  readonly lastReadAt: number | undefined;
  readonly repaired: number;
  readonly at: Instant;
}

const pausedReason = 'remand was told to flush this list';

/** Whether a target is blocked by a list as far as is known, and if not why. */
export function stateOf(core: ListCore, view: ListView, target: Target): EntryState {
  if (view.phase === 'paused') return { enforced: false, reason: pausedReason };
  if (view.trouble) return { enforced: false, reason: view.trouble.reason };
  const entry = core.table.get(target);
  const reason = core.troubles.reasonFor(target);
  if (isIn(core.table, target, view.at)) {
    if (reason !== undefined) return { enforced: true, reason };
    return entry?.recorded ? { enforced: true } : { enforced: true, reason: 'unrecorded' };
  }
  if (reason !== undefined) return { enforced: false, reason };
  if (core.table.foreignEnd(target, view.at.steady) !== undefined) {
    return { enforced: true, reason: "blocked by an entry that is not remand's" };
  }
  if (view.phase !== 'ready') return { enforced: false, reason: 'the list is being started' };
  const reasonNow = view.isPending(target) ? 'work on it is under way' : 'nothing holds it here';
  return { enforced: false, reason: reasonNow };
}

export function listStatus(core: ListCore, view: ListView): ListStatus {
  const { spec, desired, table } = core;
  let wanted = 0;
  let enforced = 0;
  let pending = 0;
  for (const [target, until] of desired.entries(spec.key)) {
    if (wantedEnd(until, spec.action.limits.maxTimeoutMs, view.at) === undefined) continue;
    wanted++;
    if (stateOf(core, view, target).enforced) enforced++;
    else if (!view.trouble && view.isPending(target)) pending++;
  }
  return {
    ...health(core, view, wanted - enforced - pending),
    list: spec.key,
    action: spec.plugin,
    ownership: spec.ownership,
    holders: spec.holders,
    desired: wanted,
    enforced,
    notEnforced: wanted - enforced - pending,
    foreign: table.foreign.size,
    paused: view.phase === 'paused',
    pending: view.pending,
    lastReconcileAt: view.lastReadAt === undefined ? null : new Date(view.lastReadAt).toISOString(),
    repaired: view.repaired,
  };
}

function health({ rows, troubles }: ListCore, view: ListView, notEnforced: number): Health {
  if (view.phase === 'paused') {
    return {
      state: 'degraded',
      reason: pausedReason,
      hint: '`remand reload` or the next start enforces it again',
    };
  }
  if (view.trouble) return { state: 'degraded', ...view.trouble };
  if (troubles.size > 0) {
    const [reason, hint] = [troubles.anyReason ?? '', 'see `remand bans --json` for each of them'];
    const entries = notEnforced === 1 ? 'one entry is' : `${notEnforced} entries are`;
    const what = notEnforced > 0 ? `${entries} not enforced` : 'not all could be changed';
    return { state: 'degraded', reason: `${what}: ${reason}`, hint };
  }
  if (rows.trouble !== undefined) {
    const hint = 'free space on the disk of the state folder; bans are enforced meanwhile';
    return { state: 'degraded', reason: `entries cannot be recorded: ${rows.trouble}`, hint };
  }
  return { state: 'ok' };
}

function isIn(table: EntryTable, target: Target, at: Instant): boolean {
  const entry = table.get(target);
  return entry?.presence === 'in' && entry.endsAt > at.steady;
}
