import type { PatternEntry } from '@remand/patterns';

/** The reasons for which sshd ends a connection other than that the client guesses. */
const otherReason =
  '{reason:text except Too many authentication failures*|Change of username or service not allowed: *}';

/** Connections that end without a login: packet.c, kex.c, sshd.c, srclimit.c. */
export const ddos: readonly PatternEntry[] = [
  {
    id: 'closed',
    versions: '5.9- (port since 7.2, user since 7.5)',
    template: 'Connection closed by {peer} \\[preauth\\]',
  },
  {
    id: 'reset',
    versions: '6.8-',
    template: 'Connection reset by {peer} \\[preauth\\]',
  },
  {
    id: 'timed-out',
    versions: '7.2-',
    template: 'Connection from {peer} timed out \\[preauth\\]',
  },
  {
    id: 'banner-exchange',
    versions: '8.1-',
    template: 'banner exchange: Connection from {peer-in-front}: {rest}',
  },
  {
    // Whom it was with follows: `Connection closed by …`.
    id: 'no-banner-exchange',
    versions: '8.1-',
    tells: 'offence',
    template:
      'kex_exchange_identification: (Connection closed by remote host|read: Connection reset by peer|client sent invalid protocol identifier {rest})',
  },
  {
    id: 'dispatch-fatal',
    versions: '6.8-',
    template: `ssh_dispatch_run_fatal: Connection from {peer-in-front}: ${otherReason} \\[preauth\\]`,
  },
  {
    id: 'disconnecting-other',
    versions: '7.5-',
    template: `Disconnecting {peer-in-front}: ${otherReason} \\[preauth\\]`,
  },
  {
    id: 'no-identification',
    versions: '5.0-8.0',
    template: 'Did not receive identification string from {ip-port}{maybe-preauth}',
  },
  {
    id: 'bad-identification',
    versions: '5.0-8.0',
    template: "Bad protocol version identification '{text}' from {ip-port}{maybe-preauth}",
  },
  {
    id: 'protocol-mismatch',
    versions: '5.0-8.0',
    template: 'Protocol major versions differ for {ip-port}: {rest}',
  },
  {
    // grace_alarm_handler() in sshd.c.
    id: 'login-grace-time',
    versions: '5.0-9.7 (port since 7.2)',
    template: 'Timeout before authentication for {ip-port}{maybe-preauth}',
  },
  {
    // child_register() and child_reap() in sshd.c: ` (early)` of a child that had not started yet.
    id: 'login-grace-time-of-child',
    versions: '9.8-',
    template:
      'Timeout before authentication for connection from {address:scoped-address} to {local:scoped-address}, pid = {number}[ \\(early\\)]',
  },
  {
    id: 'dropped',
    versions: '7.9-',
    template:
      'drop connection #{number} from \\[{address:scoped-address}\\]:{port} on \\[{local:scoped-address}\\]:{port} (past Max(s|S)tartups|penalty: {rest})',
  },
];
