import type { Lifecycle } from './lifecycle.ts';
import type { Notice } from './notice.ts';

/**
 * Tells people. One instance per entry under `notifiers:`. Delivery is at least once from a
 * durable outbox: deduplicate by `notice.id` if that matters.
 */
export interface Notifier extends Lifecycle {
  start?(signal: AbortSignal): Promise<void>;
  /**
   * Delivers a batch of 1 to 100 notices, oldest first. Resolving means that all of them are
   * delivered; a throw means that none is, and they come again with back-off. It can take as
   * long as `signal` allows (30 s) and never delays a ban.
   */
  deliver(notices: readonly Notice[], signal: AbortSignal): Promise<void>;
}
