/** What happened, for people. Everything that came from a log is attacker text. */
export interface Notice {
  /** Globally unique and time-ordered; the same on a repeated delivery. */
  readonly id: string;
  readonly kind: NoticeKind;
  /** ms since the epoch. */
  readonly at: number;
  /** One sentence in plain words, already escaped. */
  readonly summary: string;
  /** Jail, rung or `admin`, where one is concerned. */
  readonly holder?: string;
  readonly address?: string;
  /** When the ban truly ends, in ms since the epoch; null is for ever. */
  readonly until?: number | null;
  /** The lines that decided it, decoded and cut, oldest first. */
  readonly evidence?: readonly string[];
  /** What the ledger knew of the address when this was decided. */
  readonly ledger?: NoticeLedgerState;
  /** The command that takes it back, as one types it; safe to show and to copy. */
  readonly undo?: string;
  /** Nothing more is sent about the address while this ban lasts: say so. */
  readonly silence?: boolean;
  /** For `digest`. */
  readonly digest?: NoticeDigest;
}

/** In the order in which they are listed. */
export const noticeKinds = [
  'ban',
  'escalation',
  'unban',
  'not-enforced',
  'recovered',
  'drift',
  'still-seen',
  'fuse',
  'degraded',
  /** What was not sent one by one, in numbers. */
  'digest',
  /** Only where it is asked for. */
  'started',
  'stopped',
  /** `remand check --notify`: nothing happened, somebody wants to see that this arrives. */
  'test',
] as const;

export type NoticeKind = (typeof noticeKinds)[number];

export interface NoticeLedgerState {
  /** Live holds, this one included. */
  readonly holds: readonly { readonly holder: string; readonly until: number | null }[];
  /** The highest rung that holds the address, if one does. */
  readonly rung: string | null;
  /** Bans of this address in the ledger, this one included. */
  readonly bans: number;
  /** The newest of the bans before this one, at most ten, oldest first. */
  readonly history?: readonly NoticePastBan[];
}

export interface NoticePastBan {
  /** ms since the epoch. */
  readonly at: number;
  readonly holder: string;
  /** When it was to end, in ms since the epoch; null is for ever. */
  readonly until: number | null;
}

/** What happened between two times, in numbers. Each table: the greatest first, at most ten rows. */
export interface NoticeDigest {
  /** `overflow`: what was too much to be sent one by one. Else the regular one. */
  readonly of: 'overflow' | 'day' | 'week';
  /** ms since the epoch. */
  readonly since: number;
  readonly until: number;
  /** What happened, by kind and by who decided it. */
  readonly counts: readonly {
    readonly kind: NoticeKind;
    readonly holder?: string;
    readonly count: number;
  }[];
  /** Notices that were not sent, by the reason. */
  readonly suppressed: readonly { readonly reason: string; readonly count: number }[];
  /** Addresses and networks (/24, of IPv6 /48) that were banned most. */
  readonly addresses: readonly { readonly address: string; readonly count: number }[];
  readonly networks: readonly { readonly network: string; readonly count: number }[];
}
