import { type Clock, type Logger, printable, reasonOf } from '@remand/api';
import { withDeadline } from '../plugins/with-deadline.ts';
import type { NeverBanSet } from './never-ban-set.ts';

/** Names are waited for this long before lines are read. */
const deadlineMs = 3_000;

/** Looks at the machine before the first line; a slow resolver does not hold that up. */
export async function refreshInTime(given: {
  readonly neverBan: NeverBanSet;
  readonly clock: Clock;
  readonly logger: Logger;
}): Promise<void> {
  const { neverBan, clock, logger } = given;
  try {
    await withDeadline({ clock, deadlineMs, what: 'the never-ban set' }, () => neverBan.refresh());
  } catch (error) {
    logger.warn('never-ban-slow', { reason: printable(reasonOf(error)) });
  }
}
