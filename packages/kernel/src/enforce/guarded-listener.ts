import { type Logger, printable, reasonOf } from '@remand/api';
import type { EnforceListener } from './list-spec.ts';

/** A listener that throws must not look like a failure of the list. */
export function guardedListener(given: {
  readonly listener: EnforceListener;
  readonly logger: Logger;
  readonly isOver: () => boolean;
}): EnforceListener {
  const { listener, logger, isOver } = given;
  const tell = (list: string, call: () => void) => {
    if (isOver()) return;
    try {
      call();
    } catch (error) {
      logger.error('listener-threw', { list, reason: printable(reasonOf(error)) });
    }
  };
  return {
    notEnforced: (list, ...told) => tell(list, () => listener.notEnforced(list, ...told)),
    recovered: (list) => tell(list, () => listener.recovered(list)),
    drift: (list, found) => tell(list, () => listener.drift(list, found)),
    enforced: (list, targets) => tell(list, () => listener.enforced(list, targets)),
    restored: (list) => tell(list, () => listener.restored(list)),
  };
}
