import type { Match } from '@remand/api';
import type { Stop } from './reader.ts';
import { userFrom } from './user-from-end.ts';

const NOT_ALLOWED = ' not allowed because ';

/** The reasons of allowed_user() in auth.c that come with an address. */
const reasons: ReadonlySet<string> = new Set([
  'listed in DenyUsers',
  'not listed in AllowUsers',
  'not in any group',
  'a group is listed in DenyGroups',
  "none of user's groups are listed in AllowGroups",
]);

/** Reads `USER from ADDRESS not allowed because REASON`. */
export function deniedUser(message: string, at: number, stop?: Stop): Match | undefined {
  const end = message.lastIndexOf(NOT_ALLOWED);
  if (end < at) return stop?.(at, 'USER from ADDRESS not allowed because REASON');
  if (!reasons.has(message.slice(end + NOT_ALLOWED.length))) {
    return stop?.(end + NOT_ALLOWED.length, 'a reason that comes with a refused address');
  }
  return userFrom(message, at, end, stop);
}
