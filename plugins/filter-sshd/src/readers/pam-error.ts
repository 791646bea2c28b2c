import type { Match } from '@remand/api';
import { wordEnd } from './address.ts';
import { endBeforePreauth, type Stop } from './reader.ts';
import { userFrom } from './user-from-end.ts';

const VIA = ' via ';

/** The texts of pam_strerror(3) for a refused login, on Linux, the BSDs, macOS and Solaris. */
const refusals =
  /(?:authentication (?:failure|error|failed)|user not known to the underlying authentication module|no account present for user|permission denied|(?:have exhausted )?maximum number of (?:re)?tries(?: for service| exceeded)?) for /iy;

/**
 * Reads `TEXT for [illegal user ]USER from ADDRESS[ via LOCAL]`. With UseDNS sshd writes a name in
 * the place of the address; names are never resolved.
 */
export function pamError(message: string, at: number, stop?: Stop): Match | undefined {
  refusals.lastIndex = at;
  if (!refusals.test(message)) return stop?.(at, 'a text of PAM for a refused login');
  const start = refusals.lastIndex;
  let end = endBeforePreauth(message);
  const via = message.lastIndexOf(VIA, end);
  if (via > start && wordEnd(message, via + VIA.length) >= end) end = via;
  return userFrom(message, start, end, stop);
}
