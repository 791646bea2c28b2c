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
}

export type NoticeKind =
  | 'ban'
  | 'escalation'
  | 'unban'
  | 'not-enforced'
  | 'recovered'
  | 'drift'
  | 'still-seen'
  | 'fuse'
  | 'degraded';

export interface NoticeLedgerState {
  /** Live holds, this one included. */
  readonly holds: readonly { readonly holder: string; readonly until: number | null }[];
  /** The highest rung that holds the address, if one does. */
  readonly rung: string | null;
  /** Bans of this address in the ledger, this one included. */
  readonly bans: number;
}
