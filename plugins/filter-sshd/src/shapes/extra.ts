import { disconnectCode, ip, maybePreauth, pattern } from '../readers/pattern.ts';
import { peerWithReason, preauthPeer } from '../readers/peer.ts';
import { isNoMatch } from '../readers/reason.ts';
import type { Shape } from './shape.ts';

/** Clients with whom sshd has no algorithm or method in common, and odd DNS: packet.c, canohost.c. */
export const extraShapes: readonly Shape[] = [
  {
    name: 'no-methods-left',
    tier: 'extra',
    prefix: 'Received disconnect from ',
    versions: '5.0- (port since 7.1)',
    read: disconnectCode(14, '[^]*'),
  },
  {
    name: 'left-before-login',
    tier: 'extra',
    prefix: 'Disconnected from ',
    versions: '7.2- (user since 7.5)',
    read: preauthPeer,
  },
  {
    name: 'cannot-negotiate',
    tier: 'extra',
    prefix: 'Unable to negotiate with ',
    versions: '6.8-',
    read: peerWithReason(isNoMatch),
  },
  {
    name: 'nasty-ptr',
    tier: 'extra',
    prefix: 'Nasty PTR record "',
    versions: '5.0-',
    read: pattern('[^]*" is set up for ', ip, ', ignoring', maybePreauth),
  },
  {
    name: 'reverse-mapping',
    tier: 'extra',
    prefix: 'reverse mapping checking getaddrinfo for ',
    versions: '5.0-7.3',
    read: pattern('[^ ]{1,1025} \\[', ip, '\\] failed - POSSIBLE BREAK-IN ATTEMPT!', maybePreauth),
  },
  {
    name: 'address-maps',
    tier: 'extra',
    prefix: 'Address ',
    versions: '5.0-7.3',
    read: pattern(
      ip,
      ' maps to [^ ]{1,1025}',
      ', but this does not map back to the address - POSSIBLE BREAK-IN ATTEMPT!',
      maybePreauth,
    ),
  },
];
