import type { PatternEntry } from '@remand/patterns';

/**
 * For accounts that exist, these are how an honest login begins: clients send `none` to learn the
 * methods, and offer keys and tickets one after the other before they ask for a password.
 */
const noGuess = 'none|publickey|gssapi*';

const deniedBy =
  "(listed in DenyUsers|not listed in AllowUsers|not in any group|a group is listed in DenyGroups|none of user's groups are listed in AllowGroups)";

/** The texts of pam_strerror(3) for a refused login, on Linux, the BSDs, macOS and Solaris. */
const refusedByPam = [
  '(Authentication|authentication) (failure|error|failed)',
  '(User|user) not known to the underlying authentication module',
  '(No|no) account present for user',
  '(Permission|permission) denied',
  '(Have exhausted maximum|have exhausted maximum|Maximum|maximum) number of (tries|retries)[ for service| exceeded]',
].join('|');

/** Refused logins: auth.c, auth2.c, auth-pam.c, packet.c, and libwrap. */
export const normal: readonly PatternEntry[] = [
  {
    id: 'failed-login',
    versions: '5.0-',
    template: `Failed {method:word except ${noGuess}} for {unknown}{user-name} from {address:scoped-address}{result-end}`,
  },
  {
    id: 'failed-key',
    versions: '5.0-',
    template:
      'Failed (publickey|gssapi[{kind:word}]) for (invalid|illegal) user {user-name} from {address:scoped-address}{result-end}',
  },
  {
    // What a certificate and a host say of themselves is the client's text, and may hold anything.
    id: 'failed-certificate',
    versions: '5.6-',
    template:
      'Failed publickey for (invalid|illegal) user {user-name} from {address:scoped-address} port {port} ssh2: {key:word} {fingerprint:word} ID {id:text} \\(serial {number}\\) CA {ca:word} {ca-fingerprint:word}{maybe-preauth}',
  },
  {
    id: 'failed-host-key',
    versions: '6.4-',
    template:
      'Failed hostbased for {unknown}{user-name} from {address:scoped-address} port {port} ssh2: {key:word} {fingerprint:word}, client user "{info:text}"{maybe-preauth}',
  },
  {
    id: 'invalid-user',
    versions: '5.0- (port since 7.3)',
    template: 'Invalid user {user:text} from {ip-port}{maybe-preauth}',
  },
  {
    id: 'too-many-attempts',
    versions: '6.8-',
    template:
      'maximum authentication attempts exceeded for {unknown}{user:text} from {ip-port}[ ssh2| ssh1]{maybe-preauth}',
  },
  {
    id: 'denied-user',
    versions: '5.0-',
    template: `User {user:text} from {address:scoped-address} not allowed because ${deniedBy}`,
  },
  {
    id: 'root-refused',
    versions: '5.0- (port since 7.2)',
    template: 'ROOT LOGIN REFUSED FROM {ip-port}{maybe-preauth}',
  },
  {
    // With UseDNS sshd writes a name in the place of the address; names are never resolved.
    id: 'pam-error',
    versions: '5.0-',
    template: `PAM: (${refusedByPam}) for {unknown}{user:text} from {address:scoped-address}[ via {local:word}]{maybe-preauth}`,
  },
  {
    id: 'disconnecting-guesser',
    versions: '7.5-',
    template:
      'Disconnecting {peer-in-front}: (Too many authentication failures|Change of username or service not allowed: ){rest}',
  },
  {
    // The text is the client's, so it is trusted to accuse that client only: 3 with this text is
    // what JSch sends once its passwords are used up.
    id: 'client-gave-up',
    versions: '5.0- (port since 7.1)',
    template:
      'Received disconnect from {address:scoped-address}( port {port}:|: )3: {before:text}Auth fail{rest}',
  },
  {
    id: 'tcp-wrappers',
    versions: '5.0-6.6, and with the patches of distributions',
    template: 'refused connect from {address:scoped-address}',
  },
  {
    id: 'tcp-wrappers-named',
    versions: 'the same on Debian: the name, then the address',
    template: 'refused connect from {name:word} \\({address:scoped-address}\\)',
  },
  {
    id: 'prohibited',
    versions: '9.9- (RefuseConnection)',
    template:
      'administratively prohibited connection for {user:text} from {ip-port}{maybe-preauth}',
  },
  {
    // With LogLevel VERBOSE, one for each connection.
    id: 'connection',
    versions: '5.0-',
    tells: 'address',
    template:
      'Connection from {address:scoped-address} port {port}[ on {local:scoped-address} port {port}[ rdomain "{rdomain:text}"]]',
  },
  {
    // packet_disconnect() did not name the peer.
    id: 'too-many-failures',
    versions: '5.0-7.4',
    tells: 'offence',
    template:
      'Disconnecting: Too many authentication failures[ for [invalid user ]{user:text}]{maybe-preauth}',
  },
  {
    // allowed_user() in auth.c names the peer with all other reasons.
    id: 'locked-account',
    versions: '5.0-',
    tells: 'offence',
    template: 'User {user:text} not allowed because account is locked{maybe-preauth}',
  },
  {
    // Without LogLevel VERBOSE the peer of what stands above is named as it leaves.
    id: 'parting',
    versions: '5.0-',
    tells: 'address-at-end',
    template: '(Connection (closed|reset) by|Disconnected from) {peer}{maybe-preauth}',
  },
  {
    id: 'parting-words',
    versions: '5.0-',
    tells: 'address-at-end',
    template:
      'Received disconnect from {address:scoped-address}( port {port}:|: ){number}: {words:text}',
  },
];
