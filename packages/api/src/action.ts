import type { Coverage } from './coverage.ts';
import type { Lifecycle } from './lifecycle.ts';

/** An address or range in canonical form: `192.0.2.1`, `192.0.2.0/24`, `2001:db8:0:1::/64`. */
export type Target = string;

/**
 * Enforces one list on a firewall. One instance per list (see `listKey` of the plugin).
 * Calls are never concurrent for one list, except `watch`, which runs beside them.
 */
export interface Action extends Lifecycle {
  readonly limits: ActionLimits;
  /** Which packets the list stops, where that can be told. */
  readonly covers?: Coverage;
  /**
   * Makes the containers (table, chain, set) that `apply` needs and leaves what is in them. It is
   * called again after trouble, so it must be idempotent. An earlier life may have made them with
   * other options: what differs is put right without opening the door to who is blocked.
   * @throws CommandError: the list is degraded, and start is retried with back-off.
   */
  start(signal: AbortSignal): Promise<void>;
  /**
   * Applies a batch, all or nothing where the firewall can. Returns the entries that were refused;
   * the others are enforced. A throw means that nothing is known of the batch: the kernel bisects
   * it (the action must not), or, when `list()` is unavailable, waits and retries.
   * `add` of what is there, `extend` of what is not and `remove` of what is gone all succeed.
   */
  apply(changes: readonly Change[], signal: AbortSignal): Promise<ApplyResult>;
  /** What the firewall holds now. Unavailable is not empty. */
  list(signal: AbortSignal): Promise<Listing>;
  /**
   * Removes every entry and container of this list, and nothing else. Idempotent. Called for an
   * `own` list only: in a `shared` one the kernel removes its own entries by `apply`.
   */
  flush(signal: AbortSignal): Promise<void>;
  /**
   * Optional: calls `onChange` soon after the firewall was changed by somebody else (or may have
   * been), until `signal` aborts. The kernel then compares and repairs. Must not throw.
   */
  watch?(onChange: (what: string) => void, signal: AbortSignal): void;
}

export interface ActionLimits {
  readonly families: readonly (4 | 6)[];
  /** Whether targets wider than one address are possible (a v6 `/64` is the usual width). */
  readonly ranges: boolean;
  readonly maxEntries?: number;
  /**
   * The longest timeout that the firewall itself can count down, in ms; 0 where it has none.
   * Longer holds are entered without one and removed by the daemon.
   */
  readonly maxTimeoutMs: number;
  /** Only `start` can tell what this firewall takes: until then the rest is a guess. */
  readonly provisional?: true;
}

export interface Change {
  readonly op: 'add' | 'extend' | 'remove';
  readonly target: Target;
  /** Remaining time in ms, at least 1; null for an entry without a timeout, and for `remove`. */
  readonly timeoutMs: number | null;
}

export interface ApplyResult {
  readonly refused: readonly { readonly index: number; readonly reason: string }[];
}

export type Listing =
  | { readonly state: 'known'; readonly entries: readonly ListedEntry[] }
  | { readonly state: 'unavailable'; readonly reason: string; readonly hint: string }
  /**
   * There is no way to see what is in, now or ever: what was applied and not removed counts as in.
   * After a start everything on record is entered, or removed, again.
   */
  | { readonly state: 'unlisted' };

export interface ListedEntry {
  readonly target: Target;
  /** Remaining time in ms; null when the entry has no timeout. */
  readonly remainingMs: number | null;
}
