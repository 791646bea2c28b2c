import { type Health, printable } from '@remand/api';

/** How a journal fares, by what a look at its newest entry has shown. */
export function healthOf(seen: {
  /** It has no entry at all. */
  readonly isEmpty: boolean;
  /** It has one that is wanted. */
  readonly found: boolean;
  /** What journalctl says on stderr. */
  readonly complaint: string;
}): Health {
  const words = printable(seen.complaint, 300);
  if (/not seeing messages|insufficient permissions/i.test(seen.complaint)) {
    return {
      state: 'degraded',
      reason: `not everything in the journal may be read: ${words}`,
      hint: 'run remand as root, or let its user read the journal (group systemd-journal or adm)',
    };
  }
  if (seen.found) return { state: 'ok' };
  if (words !== '') {
    return {
      state: 'degraded',
      reason: `the journal shows nothing: ${words}`,
      hint: 'see `journalctl --verify`; a damaged file is passed over once it is moved away',
    };
  }
  if (!seen.isEmpty) return { state: 'ok' };
  return {
    state: 'degraded',
    reason: 'the journal holds no entries at all',
    hint: 'is systemd-journald at work? Entries are read as soon as there are some',
  };
}
