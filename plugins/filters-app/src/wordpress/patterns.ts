import { accessLogStart, type PatternEntry, type PatternTable } from '@remand/patterns';

/** What the plugin WP fail2ban writes to syslog, under `wordpress(HOST)`. */
const syslog: readonly PatternEntry[] = [
  {
    id: 'login-failed',
    template:
      '[XML-RPC |REST |XML-RPC multicall ](Authentication|authentication) failure[ for {user:text}] from {address}',
  },
  {
    id: 'unknown-user',
    template:
      '[XML-RPC |REST ](Authentication|authentication) attempt for unknown user {user:text} from {address}',
  },
  {
    id: 'blocked-user',
    template:
      'Blocked (authentication|username authentication|access) attempt for {user:text} from {address}',
  },
  {
    id: 'enumeration',
    template: 'Blocked user enumeration attempt[ on {host:host}] from {address}',
  },
  { id: 'pingback', template: 'Pingback error {code:number} generated from {address}' },
  { id: 'spam', template: '(Spam|Spammed) comment {comment:number} from {address}' },
  { id: 'empty-user', template: 'Empty username from {address}' },
];

/** What the access log of the web server says: who is let in is sent on (302), who is not sees the form again. */
const access: readonly PatternEntry[] = [
  {
    id: 'login-form',
    template:
      '{access}"POST [{path:word without "?"}]/wp-login.php[?{query:word}] HTTP/{version:host}" (200|403) {rest}',
  },
  {
    id: 'xml-rpc',
    mode: 'xmlRpc',
    template:
      '{access}"POST [{path:word without "?"}]/xmlrpc.php[?{query:word}] HTTP/{version:host}" {status:number} {rest}',
  },
];

/** Every message that is recognised. */
export const patterns: PatternTable = {
  parts: { access: accessLogStart },
  patterns: [
    ...syslog.map((entry) => ({
      ...{ versions: 'WP fail2ban 3-', mode: 'syslog', programs: ['wordpress*', 'wp(*'] },
      ...entry,
    })),
    ...access.map((entry) => ({
      ...{ versions: 'common, combined', mode: 'access', programs: [null] },
      ...entry,
    })),
  ],
};
