import type { NoticeKind } from './notice.ts';

/**
 * One fact in the ledger: immutable and self-contained. `id` is globally unique and time-ordered
 * (a UUID of version 7, RFC 9562); `host` is the id of the machine that decided. Applying an entry
 * twice changes nothing. Holds and counts are derived from entries and can be rebuilt.
 */
export interface LedgerEntry {
  readonly id: string;
  readonly host: string;
  /** When it holds from, in ms since the epoch: for a ban, the time of the deciding line. */
  readonly at: number;
  readonly kind: LedgerEntryKind;
  /** Jail, rung, `admin`, `network` or `recovered`; for deliveries, the notifier. */
  readonly holder: string;
  /** The normalised address or range. Empty for entries about no address. */
  readonly address: string;
  /** For `ban`, `extend`, `escalate` and `allow`: the end in ms since the epoch, null for ever. */
  readonly until?: number | null;
  /** What else belongs to it. */
  readonly details?: LedgerEntryDetails;
}

export type LedgerEntryKind =
  | 'ban'
  | 'extend'
  | 'unban'
  | 'allow'
  | 'expire'
  | 'escalate'
  | 'enforce-failed'
  | 'notice-sent'
  | 'notice-suppressed'
  | 'still-seen';

export interface LedgerEntryDetails {
  /** The lines that decided a ban, decoded and cut, oldest first. */
  readonly evidence?: readonly string[];
  /** Offences that a ban counted. */
  readonly offences?: number;
  /** Which ban of the address by its jail it is, where each further one is longer. */
  readonly number?: number;
  readonly reason?: string;
  /** The ban was over when it was decided (old lines). */
  readonly ended?: boolean;
  /** Decided by a jail that only observes. */
  readonly observed?: boolean;
  /** `unban --mistake`: the ban counts for nothing. */
  readonly mistake?: boolean;
  /** Where enforcement failed. */
  readonly list?: string;
  /**
   * Whose lists the hold uses, when not the holder's own: the jail that an admin named, or whose ban
   * fired a rung.
   */
  readonly via?: string;
  /** For `escalate`: the ids of the bans or escalations that the rung counted, and has used up. */
  readonly counted?: readonly string[];
  /** For `escalate` of `network`: a never-ban entry lies in the range, `reason` says which. */
  readonly refused?: boolean;
  /** The id of the notice. */
  readonly notice?: string;
  /** What the notice told of, or would have. */
  readonly told?: NoticeKind;
}
