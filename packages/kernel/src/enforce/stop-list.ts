import type { Clock, Logger } from '@remand/api';
import { withDeadline } from '../plugins/with-deadline.ts';
import { troubleOf } from './list-down.ts';

/** Takes the steps of a shutdown in order, all within one deadline. Never rejects. */
export async function stopList(
  given: {
    readonly list: string;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly deadlineMs: number;
  },
  steps: readonly ((leftMs: number) => Promise<unknown>)[],
): Promise<void> {
  const { list, clock, logger } = given;
  const end = clock.monotonic() + given.deadlineMs;
  for (const step of steps) {
    const deadlineMs = Math.max(1, end - clock.monotonic());
    try {
      await withDeadline({ clock, deadlineMs, what: `action ${list}` }, () => step(deadlineMs));
    } catch (error) {
      logger.warn('list-stop-failed', { list, ...troubleOf(error) });
    }
  }
}
