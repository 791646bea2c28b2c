import type { Lifecycle } from './lifecycle.ts';
import type { Notice } from './notice.ts';

/**
 * Tells people. One instance per entry under `notifiers:`. What is worth telling, how often, and
 * what goes into a digest is the kernel's policy, the same for every notifier; how it looks is the
 * notifier's. Delivery is at least once from a durable outbox: deduplicate by `notice.id` if that
 * matters.
 */
export interface Notifier extends Lifecycle {
  start?(signal: AbortSignal): Promise<void>;
  /**
   * Delivers 1 to 100 notices that belong together, oldest first, as one message if it can: the
   * policy counts calls. Resolving means that all of them are delivered; a throw means that none is,
   * and they come again with back-off. A `CommandError` says more: with the code `NOTICE_REFUSED`
   * trying again is useless (the kernel finds the notice that is refused, and gives that one up);
   * with `retryAfterMs` they come no sooner than that. It can take as long as `signal` allows (30 s)
   * and never delays a ban.
   */
  deliver(notices: readonly Notice[], signal: AbortSignal): Promise<void>;
}
