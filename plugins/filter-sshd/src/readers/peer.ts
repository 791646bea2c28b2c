import type { Match } from '@remand/api';
import { addressIn, portEnd, portStart, wordEnd } from './address.ts';
import { preauth, type Reader, type Stop } from './reader.ts';
import type { IsReason } from './reason.ts';

const SPACE = 32;
const UNKNOWN_USER = 'invalid user ';
const USER = 'authenticating user ';

/**
 * A peer as sshpkt_fmt_connection_id() in packet.c names it, `ADDRESS[ port N]`, with
 * `invalid user USER ` or `authenticating user USER ` before it since 7.5. (Of somebody logged in
 * it says `user USER `, which is no peer here.)
 */
interface Peer extends Match {
  /** Behind the peer. */
  readonly end: number;
}

/** Reads `PEER [preauth]`, and nothing behind it. */
export function preauthPeer(message: string, at: number, stop?: Stop): Match | undefined {
  if (!message.endsWith(preauth)) return stop?.(message.length, 'the ending " [preauth]"');
  return plain(peerUntil(message, at, message.length - preauth.length, stop));
}

/**
 * A reader of `PEER: REASON`. Reasons are sshd's own texts, but some quote the client. It can
 * add nothing before the first colon, for sshd cuts a user name there.
 */
export function peerWithReason(isReason: IsReason): Reader {
  return (message, at, stop) => {
    const peer = peerBeforeColon(message, at, stop);
    if (peer === undefined) return undefined;
    if (!message.startsWith(': ', peer.end)) return stop?.(peer.end, '": " and a reason');
    return isReason(message, peer.end + 2) ? plain(peer) : stop?.(peer.end + 2, 'another reason');
  };
}

const TIMED_OUT = ` timed out${preauth}`;

/** Reads `PEER timed out [preauth]`. */
export function preauthPeerTimedOut(message: string, at: number, stop?: Stop): Match | undefined {
  if (!message.endsWith(TIMED_OUT)) return stop?.(message.length, `the ending "${TIMED_OUT}"`);
  return plain(peerUntil(message, at, message.length - TIMED_OUT.length, stop));
}

/** The peer that fills [at, end). */
function peerUntil(message: string, at: number, end: number, stop?: Stop): Peer | undefined {
  const userStart = behindUserWords(message, at);
  const port = portStart(message, end);
  const addressEnd = port < 0 ? end : port;
  if (userStart === at) return peer(message, at, addressEnd, end, stop);
  if (port < 0) return stop?.(end, 'ADDRESS port N');
  return peerOfUser(message, userStart, addressEnd, end, stop);
}

/** The peer that ends before the colon of `: REASON`. */
function peerBeforeColon(message: string, at: number, stop?: Stop): Peer | undefined {
  const userStart = behindUserWords(message, at);
  if (userStart === at) return bareBeforeColon(message, at, stop);
  const colon = message.indexOf(':', userStart);
  if (colon < 0) return stop?.(userStart, 'USER ADDRESS port N: REASON');
  // No IPv6 address has a space behind a colon: there it is the one behind ADDRESS port N.
  if (message.charCodeAt(colon + 1) === SPACE) {
    const port = portStart(message, colon);
    if (port < 0) return stop?.(colon, 'ADDRESS port N before the colon');
    return peerOfUser(message, userStart, port, colon, stop);
  }
  const start = message.lastIndexOf(' ', colon) + 1;
  const addressEnd = wordEnd(message, start);
  const end = portEnd(message, addressEnd);
  if (end < 0) return stop?.(addressEnd, '" port N"');
  return peerOfUser(message, userStart, addressEnd, end, stop);
}

function bareBeforeColon(message: string, at: number, stop?: Stop): Peer | undefined {
  const word = wordEnd(message, at);
  const port = portEnd(message, word);
  if (port >= 0) return peer(message, at, word, port, stop);
  if (!message.startsWith(': ', word - 1)) return stop?.(word, '[ port N]: REASON');
  return peer(message, at, word - 1, word - 1, stop);
}

function peer(
  message: string,
  start: number,
  addressEnd: number,
  end: number,
  stop?: Stop,
): Peer | undefined {
  const address = addressIn(message, start, addressEnd);
  return address === undefined ? stop?.(start, 'an address') : { address, end };
}

function peerOfUser(
  message: string,
  userStart: number,
  addressEnd: number,
  end: number,
  stop?: Stop,
): Peer | undefined {
  const start = message.lastIndexOf(' ', addressEnd - 1) + 1;
  if (start <= userStart) return stop?.(userStart, 'USER ADDRESS');
  const found = peer(message, start, addressEnd, end, stop);
  return found && { ...found, user: message.slice(userStart, start - 1) };
}

function behindUserWords(message: string, at: number): number {
  if (message.startsWith(UNKNOWN_USER, at)) return at + UNKNOWN_USER.length;
  return message.startsWith(USER, at) ? at + USER.length : at;
}

function plain(found: Peer | undefined): Match | undefined {
  if (found === undefined) return undefined;
  const { address, user } = found;
  return user === undefined ? { address } : { address, user };
}
