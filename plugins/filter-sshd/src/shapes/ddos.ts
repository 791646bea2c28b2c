import { ip, local, maybePort, maybePreauth, pattern } from '../readers/pattern.ts';
import { peerWithReason, preauthPeer, preauthPeerTimedOut } from '../readers/peer.ts';
import { isAny, isOther } from '../readers/reason.ts';
import type { Shape } from './shape.ts';

/** Connections that end without a login: packet.c, kex.c, sshd.c, srclimit.c. */
export const ddosShapes: readonly Shape[] = [
  {
    name: 'closed',
    tier: 'ddos',
    prefix: 'Connection closed by ',
    versions: '5.9- (port since 7.2, user since 7.5)',
    read: preauthPeer,
  },
  {
    name: 'reset',
    tier: 'ddos',
    prefix: 'Connection reset by ',
    versions: '6.8-',
    read: preauthPeer,
  },
  {
    name: 'timed-out',
    tier: 'ddos',
    prefix: 'Connection from ',
    versions: '7.2-',
    read: preauthPeerTimedOut,
  },
  {
    name: 'banner-exchange',
    tier: 'ddos',
    prefix: 'banner exchange: Connection from ',
    versions: '8.1-',
    read: peerWithReason(isAny),
  },
  {
    name: 'dispatch-fatal',
    tier: 'ddos',
    prefix: 'ssh_dispatch_run_fatal: Connection from ',
    versions: '6.8-',
    read: peerWithReason(isOther),
  },
  {
    name: 'disconnecting-other',
    tier: 'ddos',
    prefix: 'Disconnecting ',
    versions: '7.5-',
    read: peerWithReason(isOther),
  },
  {
    name: 'no-identification',
    tier: 'ddos',
    prefix: 'Did not receive identification string from ',
    versions: '5.0-8.0',
    read: pattern(ip, maybePort, maybePreauth),
  },
  {
    name: 'bad-identification',
    tier: 'ddos',
    prefix: "Bad protocol version identification '",
    versions: '5.0-8.0',
    read: pattern("[^]*' from ", ip, maybePort, maybePreauth),
  },
  {
    name: 'protocol-mismatch',
    tier: 'ddos',
    prefix: 'Protocol major versions differ for ',
    versions: '5.0-8.0',
    read: pattern(ip, maybePort, ': [^]*'),
  },
  {
    name: 'login-grace-time',
    tier: 'ddos',
    prefix: 'Timeout before authentication for ',
    // grace_alarm_handler() in sshd.c.
    versions: '5.0-9.7 (port since 7.2)',
    read: pattern(ip, maybePort, maybePreauth),
  },
  {
    // child_register() and child_reap() in sshd.c: ` (early)` of a child that had not started yet.
    name: 'login-grace-time-of-child',
    tier: 'ddos',
    prefix: 'Timeout before authentication for connection from ',
    versions: '9.8-',
    read: pattern(ip, ' to ', local, ', pid = [0-9]{1,10}', '(?: \\([a-z ]{1,32}\\))?'),
  },
  {
    name: 'dropped',
    tier: 'ddos',
    prefix: 'drop connection #',
    versions: '7.9-',
    read: pattern(
      '[0-9]{1,10} from \\[',
      ip,
      '\\]:[0-9]{1,5} on \\[',
      local,
      '\\]:[0-9]{1,5} ',
      '(?:past Max[Ss]tartups|penalty: [^]*)',
    ),
  },
];
