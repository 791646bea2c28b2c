/** A jail that fits this machine. */
export interface FoundService {
  /** The filter, after which the jail is called. */
  readonly filter: string;
  /** What the jail does: `FilterPlugin.suggested`. */
  readonly does: string;
  /** Why it fits, in words: `/var/log/auth.log has lines of sshd`. */
  readonly why: string;
}

/** How this machine can ban. */
export interface FoundFirewall {
  readonly action: string;
  /** In words. */
  readonly why: string;
}

/** What `remand init` has seen. */
export interface FoundMachine {
  readonly services: readonly FoundService[];
  /** Filters that were looked for in vain. */
  readonly others: readonly string[];
  readonly firewall: FoundFirewall;
  /** Where the administrator is logged in from. */
  readonly peer: string | undefined;
}
