import { type Clock, type Logger, printable, reasonOf } from '@remand/api';
import { withDeadline } from '../plugins/with-deadline.ts';
import type { NeverBanSet } from './never-ban-set.ts';

const deadlineMs = 3_000;

/** Looks at the machine before the first line; a slow resolver does not hold the start up. */
export async function firstRefresh(
  neverBan: NeverBanSet,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<void> {
  try {
    await withDeadline({ clock, deadlineMs, what: 'the never-ban set' }, () => neverBan.refresh());
  } catch (error) {
    logger.warn('never-ban-slow', { reason: printable(reasonOf(error)) });
  }
}
