import { type LedgerEntry, type Logger, type Notice, printable, reasonOf } from '@remand/api';
import type { NoticeGiven } from './notices.ts';

/** The notices of entries. A notice reads the ledger; when that fails what it tells of must not. */
export function noticesOf(
  given: NoticeGiven & { readonly logger: Logger },
  entries: readonly LedgerEntry[],
  make: (given: NoticeGiven, entry: LedgerEntry) => Notice,
): readonly Notice[] {
  return entries.flatMap((entry) => {
    try {
      return [make(given, entry)];
    } catch (error) {
      given.logger.error('notice-failed', { reason: printable(reasonOf(error)) });
      return [];
    }
  });
}
