/**
 * What every plugin instance has. A reload keeps the instances whose options are equal; of others
 * the successor is created while this one still works, and started after it has stopped. The kernel calls, in this order:
 * `create` (no I/O; a throw refuses the start) → `start` → work → `stop` → `dispose`.
 * `stop` and `dispose` may be called after a failed or missing `start`, and twice.
 */
export interface Lifecycle {
  /**
   * Ends the work within `deadlineMs`: no callback is made after it resolves. A throw is logged
   * and the shutdown goes on.
   */
  stop?(deadlineMs: number): Promise<void>;
  /** Releases what is left (files, sockets, children). Called once work has ended. */
  dispose?(): Promise<void>;
}

/** How something fares: shown in `remand status` with what to do about it. */
export type Health =
  | { readonly state: 'ok' }
  | { readonly state: 'degraded'; readonly reason: string; readonly hint: string };
