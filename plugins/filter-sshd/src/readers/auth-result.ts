import type { Match } from '@remand/api';
import { addressIn, portEnd, wordEnd } from './address.ts';
import { preauth, type Stop } from './reader.ts';
import { userFromEnd } from './user-from-end.ts';

const FOR = ' for ';
const FROM = ' from ';
const INVALID = 'invalid user ';
const ILLEGAL = 'illegal user ';

/**
 * Reads what auth_log() writes behind `Failed `:
 * `METHOD for [invalid user ]USER from ADDRESS port N ssh2[: INFO]`.
 *
 * The client chooses USER and parts of INFO (a certificate's id, the names in hostbased). There is
 * still one reading only: sshd cuts the name at its first colon (auth2.c, `user:style`), so the
 * first colon belongs to the address or opens INFO, and the last ` from ` before it is sshd's own.
 */
export function authResult(message: string, at: number, stop?: Stop): Match | undefined {
  const methodEnd = message.indexOf(' ', at);
  if (methodEnd < 0 || !message.startsWith(FOR, methodEnd)) {
    return stop?.(methodEnd < 0 ? at : methodEnd, 'METHOD for USER');
  }
  let userStart = methodEnd + FOR.length;
  const known = !message.startsWith(INVALID, userStart) && !message.startsWith(ILLEGAL, userStart);
  if (!known) userStart += INVALID.length;
  if (isNoGuess(message, at, methodEnd, known)) return stop?.(at, 'a method that is a guess');

  const colon = message.indexOf(':', userStart);
  const userEnd = message.lastIndexOf(FROM, colon < 0 ? message.length : colon);
  if (userEnd < userStart) return stop?.(userStart, 'USER from ADDRESS');
  const start = userEnd + FROM.length;
  const end = wordEnd(message, start);
  const address = addressIn(message, start, end);
  if (address === undefined) return stop?.(start, 'an address');
  if (!isTail(message, end, address)) return stop?.(end, '[ port N][ ssh2][: INFO]');
  return { address, user: message.slice(userStart, userEnd) };
}

/**
 * Clients send `none` to learn the methods, and offer keys and tickets one after the other before
 * they ask for a password: for an account that exists, that is how an honest login begins.
 */
function isNoGuess(message: string, at: number, end: number, known: boolean): boolean {
  const length = end - at;
  if (length === 4 && message.startsWith('none', at)) return true;
  if (!known) return false;
  return (length === 9 && message.startsWith('publickey', at)) || message.startsWith('gssapi', at);
}

function isTail(message: string, at: number, address: string): boolean {
  const { length } = message;
  if (at === length) return true;
  let end = portEnd(message, at);
  if (end < 0) return false;
  if (message.startsWith(' ssh2', end) || message.startsWith(' ssh1', end)) end += 5;
  if (end === length) return true;
  if (message.startsWith(': ', end)) return !isForged(message, end + 2, address);
  return end + preauth.length === length && message.endsWith(preauth);
}

const endOfResult = userFromEnd(' ssh2', ' ssh1');

/**
 * Without privilege separation (an option until 7.5) METHOD was the client's text and could hold
 * all that stands before INFO. The true end of such a line then stands in what looks like INFO.
 */
function isForged(message: string, infoStart: number, address: string): boolean {
  const second = message.indexOf(FOR, infoStart);
  if (second < 0) return false;
  const other = endOfResult(message, second + FOR.length);
  return other !== undefined && other.address !== address;
}
