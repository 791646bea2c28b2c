/** Other programs that block addresses on this machine. */
export interface NeighboursReport {
  readonly found: readonly NeighbourReport[];
  /** What could not be looked at, a clause each: the report may be incomplete. */
  readonly unseen: readonly string[];
}

export interface NeighbourReport {
  /** `fail2ban`, `crowdsec`, `sshguard` */
  readonly program: string;
  /** `enabled`: it does not run now and will after the next boot. */
  readonly state: 'running' | 'enabled';
  /** False when only a part of it was seen that decides and does not block. */
  readonly blocks: boolean;
  readonly pid: number | null;
  /** What gave it away: `process fail2ban-server (pid 812)`, a socket, a unit file. */
  readonly foundBy: readonly string[];
  /** Lists of ours that hold entries of others as well, so that its entries and ours can meet. */
  readonly meetsIn: readonly string[];
  /** Jails of ours that read the log that it writes itself. */
  readonly readBy: readonly string[];
  /** What it does here, and whether its entries and ours can meet; one sentence or two. */
  readonly summary: string;
  readonly hint: string;
}
