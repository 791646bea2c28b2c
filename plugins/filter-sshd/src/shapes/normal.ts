import { authResult } from '../readers/auth-result.ts';
import { deniedUser } from '../readers/denied-user.ts';
import { pamError } from '../readers/pam-error.ts';
import { disconnectCode, ip, maybePort, maybePreauth, pattern } from '../readers/pattern.ts';
import { peerWithReason } from '../readers/peer.ts';
import { isGuessing } from '../readers/reason.ts';
import { userFromEnd } from '../readers/user-from-end.ts';
import type { Shape } from './shape.ts';

/** Refused logins: auth.c, auth2.c, auth-pam.c, packet.c, and libwrap. */
export const normalShapes: readonly Shape[] = [
  {
    name: 'failed-login',
    tier: 'normal',
    prefix: 'Failed ',
    versions: '5.0-',
    read: authResult,
  },
  {
    name: 'invalid-user',
    tier: 'normal',
    prefix: 'Invalid user ',
    versions: '5.0- (port since 7.3)',
    read: userFromEnd(),
  },
  {
    name: 'too-many-attempts',
    tier: 'normal',
    prefix: 'maximum authentication attempts exceeded for ',
    versions: '6.8-',
    read: userFromEnd(' ssh2', ' ssh1'),
  },
  {
    name: 'denied-user',
    tier: 'normal',
    prefix: 'User ',
    versions: '5.0-',
    read: deniedUser,
  },
  {
    name: 'root-refused',
    tier: 'normal',
    prefix: 'ROOT LOGIN REFUSED FROM ',
    versions: '5.0- (port since 7.2)',
    read: pattern(ip, maybePort, maybePreauth),
  },
  {
    name: 'pam-error',
    tier: 'normal',
    prefix: 'PAM: ',
    versions: '5.0-',
    read: pamError,
  },
  {
    name: 'disconnecting-guesser',
    tier: 'normal',
    prefix: 'Disconnecting ',
    versions: '7.5-',
    read: peerWithReason(isGuessing),
  },
  {
    // The text is the client's, so it is trusted to accuse that client only: 3 with this text is
    // what JSch sends once its passwords are used up.
    name: 'client-gave-up',
    tier: 'normal',
    prefix: 'Received disconnect from ',
    versions: '5.0- (port since 7.1)',
    read: disconnectCode(3, '[^]*Auth fail[^]*'),
  },
  {
    name: 'tcp-wrappers',
    tier: 'normal',
    prefix: 'refused connect from ',
    versions: '5.0-6.6, and with the patches of distributions',
    read: pattern(ip),
  },
  {
    name: 'tcp-wrappers-named',
    tier: 'normal',
    prefix: 'refused connect from ',
    versions: 'the same on Debian: the name, then the address',
    read: pattern('[^ ]{1,300} ', '\\(', ip, '\\)'),
  },
  {
    name: 'prohibited',
    tier: 'normal',
    prefix: 'administratively prohibited connection for ',
    versions: '9.9- (RefuseConnection)',
    read: userFromEnd(),
  },
];
