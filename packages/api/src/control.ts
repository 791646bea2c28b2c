import type { LedgerEntryKind } from './ledger-entry.ts';
import type { Health } from './lifecycle.ts';
import type { NeighboursReport } from './neighbours.ts';
import type { NoticeKind } from './notice.ts';
import type { PluginKind } from './plugin.ts';

/**
 * Everything that can be asked of a running kernel: one typed interface for the command line, the
 * control socket and whoever embeds the kernel. Arguments and answers are plain JSON data; times
 * in answers are ISO 8601 in UTC. No verb can set a command or a plugin.
 */
export interface ControlApi {
  status(args: Empty): Promise<StatusReport>;
  bans(args: BansArgs): Promise<readonly BanReport[]>;
  why(args: AddressArgs): Promise<WhyReport>;
  ban(args: BanArgs): Promise<BanOutcome>;
  unban(args: UnbanArgs): Promise<UnbanOutcome>;
  allow(args: AllowArgs): Promise<AllowOutcome>;
  flush(args: FlushArgs): Promise<FlushOutcome>;
  plugins(args: Empty): Promise<readonly PluginReport[]>;
  resetFuse(args: Empty): Promise<FuseReport>;
}

export type ControlVerb = keyof ControlApi;
export type Empty = Readonly<Record<string, never>>;

export interface AddressArgs {
  readonly address: string;
}

export interface BansArgs {
  /** Only bans whose hold began at or after this, in ms since the epoch. */
  readonly since?: number;
}

export interface BanArgs extends AddressArgs {
  readonly jail?: string;
  /** null is for ever. */
  readonly forMs?: number | null;
  readonly reason?: string;
}

export interface UnbanArgs extends AddressArgs {
  readonly holder?: string;
  readonly all?: boolean;
  readonly mistake?: boolean;
  readonly reason?: string;
}

export interface AllowArgs extends AddressArgs {
  /** null is for ever. */
  readonly forMs: number | null;
}

export interface FlushArgs {
  readonly list?: string;
}

export interface BanReport {
  readonly address: string;
  /** null is for ever. */
  readonly until: string | null;
  readonly holds: readonly HoldReport[];
  /** True only if every hold is enforced on each of its lists. */
  readonly enforced: boolean;
}

export interface HoldReport {
  readonly holder: string;
  readonly since: string;
  readonly until: string | null;
  /** For `why`: the range that it holds, when it is not the address itself. */
  readonly range?: string;
  readonly lists: readonly HoldListReport[];
}

export interface HoldListReport {
  readonly list: string;
  readonly enforced: boolean;
  /** Why not; `unrecorded` also stands beside an enforced one that could not be written down. */
  readonly reason?: string;
}

export interface WhyReport {
  readonly address: string;
  readonly live: boolean;
  readonly until: string | null;
  /** Which holds keep it blocked, where and until when. */
  readonly holds: readonly HoldReport[];
  /** Oldest first. */
  readonly events: readonly WhyEvent[];
}

export interface WhyEvent {
  readonly at: string;
  readonly kind: 'offence' | LedgerEntryKind;
  readonly holder: string;
  /** It was about this range, which the address lies in. */
  readonly range?: string;
  readonly until?: string | null;
  readonly line?: string;
  readonly evidence?: readonly string[];
  readonly list?: string;
  readonly reason?: string;
  /** What a notice told of, or would have. */
  readonly told?: NoticeKind;
  readonly observed?: boolean;
  /** The ban was over when it was decided. */
  readonly ended?: boolean;
  /** The ban counts for nothing. */
  readonly mistake?: boolean;
  /** A range that holds somebody who is never banned was not banned. */
  readonly refused?: boolean;
  /** How many bans or escalations a rung counted. */
  readonly counted?: number;
  /** The jail whose lists are used, where they are not the holder's own. */
  readonly via?: string;
}

export interface BanOutcome {
  readonly address: string;
  readonly until: string | null;
  readonly lists: readonly string[];
}

/** Which holds were lifted; with several and no choice nothing is, and `choose` lists them. */
export interface UnbanOutcome {
  readonly address: string;
  readonly lifted: readonly { readonly holder: string; readonly until: string | null }[];
  readonly choose?: readonly { readonly holder: string; readonly until: string | null }[];
  /** The banned range that the address is inside of; it was not changed, and still blocks it. */
  readonly insideRange?: string;
}

export interface AllowOutcome {
  readonly address: string;
  readonly until: string | null;
  readonly lifted: readonly { readonly address: string; readonly holder: string }[];
}

export interface FlushOutcome {
  readonly lists: readonly {
    readonly list: string;
    readonly removed: boolean;
    readonly reason?: string;
  }[];
}

export interface PluginReport {
  readonly name: string;
  readonly kind: PluginKind;
  readonly summary: string;
  readonly origin: string;
  readonly apiVersion: number;
  /** How many jails, lists or entries use it in this configuration. */
  readonly inUse: number;
}

export interface FuseReport {
  readonly tripped: boolean;
  readonly bans: number;
  readonly withinMs: number;
  /** Bans decided within the window until now. */
  readonly recent: number;
}

export interface StatusReport {
  readonly version: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly now: string;
  readonly observe: boolean;
  /** The ledger: degraded while nothing can be written. */
  readonly state: Health & { readonly path: string; readonly unrecorded: number };
  readonly bans: { readonly live: number; readonly notEnforced: number };
  readonly fuse: FuseReport;
  readonly neverBan: {
    readonly entries: number;
    /** Names that could not be resolved now; their last answers are kept. */
    readonly problems: readonly string[];
  };
  readonly jails: readonly JailStatus[];
  /** The lowest first. */
  readonly rungs: readonly RungStatus[];
  /** Range holds; null where they are off. */
  readonly network: NetworkStatus | null;
  readonly lists: readonly ListStatus[];
  readonly notifiers: readonly NotifierStatus[];
  readonly stillSeen: StillSeenReport;
  /** Missing from a kernel that no daemon is around: it does not look. */
  readonly neighbours?: NeighboursReport;
}

/** Banned addresses whose live lines go on, although their ban is enforced. */
export interface StillSeenReport {
  /** How many were seen within the last quarter of an hour. */
  readonly addresses: number;
  /** Those seen last, the latest first; at most 20. */
  readonly latest: readonly StillSeenAddress[];
}

export interface StillSeenAddress {
  readonly address: string;
  readonly holder: string;
  readonly lists: readonly string[];
  readonly firstAt: string;
  readonly lastAt: string;
  /** Matches since `firstAt`. */
  readonly times: number;
  readonly cause: StillSeenCause;
  /** The likely reason, one clause. */
  readonly reason: string;
  readonly hint: string;
}

export type StillSeenCause =
  | 'not-enforced'
  | 'changed'
  | 'wrong-port'
  | 'wrong-hook'
  | 'established'
  | 'proxy';

export type JailStatus = Health & {
  readonly name: string;
  readonly filter: string;
  readonly observe: boolean;
  readonly sources: readonly (Health & { readonly label: string })[];
  readonly lines: number;
  /** Lines whose header held a time. */
  readonly dated: number;
  readonly oversized: number;
  readonly matched: number;
  /** Matches that counted. */
  readonly offences: number;
  readonly ignored: {
    readonly neverBan: number;
    readonly seenWhileBanned: number;
    /** What the filter took for an address is none. */
    readonly noAddress: number;
  };
  /** Bans decided since the start, and those live now. */
  readonly banned: number;
  readonly live: number;
  readonly tracked: { readonly now: number; readonly cap: number; readonly evicted: number };
  readonly lastMatchAt: string | null;
  /** Seconds between the newest line read and now, while there is a backlog; else 0. */
  readonly lagSeconds: number;
  /** Bytes known to wait. */
  readonly behind: number;
  /** Log clock minus our clock on live lines, in seconds; null before one was seen. */
  readonly skewSeconds: number | null;
};

/** Times are in ms; `banTimeMs` null is for ever. */
export interface RungStatus {
  readonly name: string;
  readonly after: number;
  /** The rung whose escalations it counts, null when it counts bans. */
  readonly of: string | null;
  /** The jails whose bans it counts; null for all. */
  readonly jails: readonly string[] | null;
  readonly withinMs: number;
  readonly banTimeMs: number | null;
  /** Escalations decided since the start, and its bans that are live now. */
  readonly escalated: number;
  readonly live: number;
}

/** Times are in ms; `banTimeMs` null is for ever. */
export interface NetworkStatus {
  /** How many distinct addresses of a range have to be banned. */
  readonly after: number;
  readonly withinMs: number;
  readonly banTimeMs: number | null;
  /** The prefixes of ranges, the narrowest first. */
  readonly v4: readonly number[];
  readonly v6: readonly number[];
  /** The jails whose bans it counts; null for all. */
  readonly jails: readonly string[] | null;
  /** Ranges banned, and refused for somebody who is never banned, since the start. */
  readonly banned: number;
  readonly refused: number;
  /** Its holds that are live now. */
  readonly live: number;
}

export type ListStatus = Health & {
  readonly list: string;
  readonly action: string;
  /** `shared`: entries of others are there as well. */
  readonly ownership: 'own' | 'shared';
  readonly holders: readonly string[];
  readonly desired: number;
  readonly enforced: number;
  readonly notEnforced: number;
  /** Entries of others that were seen and left alone. */
  readonly foreign: number;
  readonly paused: boolean;
  /** True for one that is not configured any more and still to be emptied. */
  readonly retired?: boolean;
  readonly pending: number;
  readonly lastReconcileAt: string | null;
  /** Differences that reconciling found and repaired since the start. */
  readonly repaired: number;
};

export type NotifierStatus = Health & {
  readonly name: string;
  readonly queued: number;
  readonly delivered: number;
  /** Notices that are counted in a digest instead; missing while there are none. */
  readonly gathered?: number;
  /** Notices that nobody gets: the outbox was full, they were too old, or they were refused. */
  readonly dropped: number;
  /** Those of them that were refused for good, with what was said last. */
  readonly refused?: {
    readonly notices: number;
    readonly reason: string;
    /** What to do about it, where the notifier knows. */
    readonly hint?: string;
  };
};
