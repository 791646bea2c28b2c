import { type PatternEntry, type PatternTable, pamFailure } from '@remand/patterns';

const inMode =
  (mode: string) =>
  (entry: PatternEntry): PatternEntry => ({ ...entry, mode });

const parts: Readonly<Record<string, string>> = {
  /**
   * Which process of Dovecot speaks. In syslog it stands before the message; with `log_path` it is the
   * tag, and the level follows.
   */
  login: '[dovecot: ][(imap|pop3|submission|managesieve|sieve)-login: ][Info: ]',
  auth: '[dovecot: ][(auth|auth-worker)[\\({worker:word without ")"}\\)]: ][Info: ][conn unix:{socket:word} \\({ids:word without ")"}\\): auth-worker<{number}>: ]',
  left: '(Aborted login|Disconnected|Login aborted|Client has quit the connection|Remote closed connection)[: {why}]',
  /** Dovecot's own words, or those of the system for what ended the connection. */
  why: '{why:text without "("}[\\({size:text without ")"}\\)[ {error:text without "("}]]',
  /** What 2.4 adds to its reason. */
  code: '[ \\({code:word without ")"}\\)]',
  /**
   * client_get_log_str() in client-common.c. The account is the client's text; with the default
   * `auth_username_chars` it holds no bracket. Nothing behind the address may look like another one,
   * so that a line with an account that claims to be the rest is no match.
   */
  client:
    '[user=<{user:text without ">"}>, ][method={method:word without ","}, ]rip={address}[,{end:text without "rip="}]',
  attempts: '{number} attempts[ in {number} secs]',
  waited: 'waited {number} secs',
  /** Whom the database was asked for: get_log_identifier() in auth-request.c. */
  request:
    '{database:host}\\({user:text without "," or ")"},{address}[,[<{session:word without ">"}>]]\\)',
  /** With `auth_verbose_passwords`. */
  password: '[ \\(for LDAP bind\\)][ \\((SHA1 of |)given password: {password:text without "("}\\)]',
};

/** Refused logins: client-common.c, auth-request.c, passdb-*.c. */
const normal: readonly PatternEntry[] = [
  {
    id: 'login-failed',
    versions: '1.0- (seconds since 2.0, a reason in a word since 2.4)',
    template:
      '{login}{left} \\((auth failed|proxy dest auth failed)[, {attempts}]\\){code}: {client}',
  },
  {
    id: 'plaintext-refused',
    versions: '1.0-',
    template:
      '{login}{left} \\(tried to use (disabled|disallowed) {what:host} auth\\){code}: {client}',
  },
  {
    id: 'unknown-user',
    versions: '1.1-',
    template: '{auth}{request}: unknown user{password}',
  },
  {
    id: 'wrong-password',
    versions: '1.1-',
    template: '{auth}{request}: (Password mismatch|invalid credentials){password}',
  },
  {
    id: 'pam-failed',
    versions: '1.0-',
    template:
      '{auth}{request}: pam_authenticate\\(\\) failed: {reason:text without "(" or ","}[ \\((p|P)assword mismatch?\\)]{password}',
  },
  {
    // Since 2.4 the request stands in front of the database.
    id: 'refused',
    versions: '2.4-',
    template:
      '[dovecot: ]auth\\({user:text without "," or ")"},{address},sasl:{mechanism:word without ")"}\\)[<{session:word without ">"}>]: [Info: ]{database:host}: (Password mismatch|unknown user|invalid credentials){password}',
  },
  {
    id: 'pam-unix',
    versions: '1.0-',
    template: `{auth}pam_unix\\(dovecot:auth\\): ${pamFailure}`,
  },
];

/** Connections without a login. */
const aggressive: readonly PatternEntry[] = [
  {
    id: 'no-attempts',
    versions: '1.0-',
    template: '{login}{left} \\(no auth attempts[ in {number} secs]\\){code}: {client}',
  },
  {
    id: 'left-too-soon',
    versions: '2.0-',
    template:
      "{login}{left} \\((disconnected before auth was ready, {waited}|client didn't finish SASL auth, {waited}|disconnected during TLS handshake)\\){code}: {client}",
  },
];

/** Every message that is recognised. The versions are those of Dovecot. */
export const patterns: PatternTable = {
  parts,
  patterns: [...normal.map(inMode('normal')), ...aggressive.map(inMode('aggressive'))],
};
