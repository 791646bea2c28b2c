import type { Match } from '@remand/api';
import { addressIn, portEnd, portStart, wordEnd } from './address.ts';
import { preauth, type Reader } from './reader.ts';
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
export function preauthPeer(message: string, at: number): Match | undefined {
  if (!message.endsWith(preauth)) return undefined;
  return plain(peerUntil(message, at, message.length - preauth.length));
}

/**
 * A reader of `PEER: REASON`. Reasons are sshd's own texts, but some quote the client. It can
 * add nothing before the first colon, for sshd cuts a user name there.
 */
export function peerWithReason(isReason: IsReason): Reader {
  return (message, at) => {
    const peer = peerBeforeColon(message, at);
    if (peer === undefined || !message.startsWith(': ', peer.end)) return undefined;
    return isReason(message, peer.end + 2) ? plain(peer) : undefined;
  };
}

const TIMED_OUT = ` timed out${preauth}`;

/** Reads `PEER timed out [preauth]`. */
export function preauthPeerTimedOut(message: string, at: number): Match | undefined {
  if (!message.endsWith(TIMED_OUT)) return undefined;
  return plain(peerUntil(message, at, message.length - TIMED_OUT.length));
}

/** The peer that fills [at, end). */
function peerUntil(message: string, at: number, end: number): Peer | undefined {
  const userStart = behindUserWords(message, at);
  const port = portStart(message, end);
  const addressEnd = port < 0 ? end : port;
  if (userStart === at) return peer(message, at, addressEnd, end);
  if (port < 0) return undefined;
  return peerOfUser(message, userStart, addressEnd, end);
}

/** The peer that ends before the colon of `: REASON`. */
function peerBeforeColon(message: string, at: number): Peer | undefined {
  const userStart = behindUserWords(message, at);
  if (userStart === at) return bareBeforeColon(message, at);
  const colon = message.indexOf(':', userStart);
  if (colon < 0) return undefined;
  // No IPv6 address has a space behind a colon: there it is the one behind ADDRESS port N.
  if (message.charCodeAt(colon + 1) === SPACE) {
    const port = portStart(message, colon);
    return port < 0 ? undefined : peerOfUser(message, userStart, port, colon);
  }
  const start = message.lastIndexOf(' ', colon) + 1;
  const addressEnd = wordEnd(message, start);
  const end = portEnd(message, addressEnd);
  return end < 0 ? undefined : peerOfUser(message, userStart, addressEnd, end);
}

function bareBeforeColon(message: string, at: number): Peer | undefined {
  const word = wordEnd(message, at);
  const port = portEnd(message, word);
  if (port >= 0) return peer(message, at, word, port);
  return message.startsWith(': ', word - 1) ? peer(message, at, word - 1, word - 1) : undefined;
}

function peer(message: string, start: number, addressEnd: number, end: number): Peer | undefined {
  const address = addressIn(message, start, addressEnd);
  return address === undefined ? undefined : { address, end };
}

function peerOfUser(
  message: string,
  userStart: number,
  addressEnd: number,
  end: number,
): Peer | undefined {
  const start = message.lastIndexOf(' ', addressEnd - 1) + 1;
  if (start <= userStart) return undefined;
  const found = peer(message, start, addressEnd, end);
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
