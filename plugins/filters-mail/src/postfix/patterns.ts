import type { PatternEntry, PatternTable } from '@remand/patterns';

const inMode =
  (mode: string) =>
  (entry: PatternEntry): PatternEntry => ({ ...entry, mode });

const parts: Readonly<Record<string, string>> = {
  /**
   * What Postfix calls a peer: its name in the DNS, or `unknown`, its address, and its port with
   * `smtpd_client_port_logging`. A name that is none of a host is `unknown` (smtpd_peer.c,
   * valid_hostname.c), so that nobody can put a bracket there.
   */
  peer: '{name:host}\\[{address}\\][:{port}]',
  /** postscreen asks no DNS. */
  screened: '\\[{address}\\]:{port}',
  /** Postfix has them since 2.3. */
  enhanced: '[{class:number}.{subject:number}.{detail:number} ]',
  /** Codes of a refusal for ever; which is used is the administrator's choice. */
  permanent: '(501|503|504|521|550|551|553|554|556|557|571)',
  temporary: '(450|451|454)',
  verb: '(reject|milter-reject)',
  /** What the client said, where a restriction is about that. */
  said: '[<{said:text without ">"}>]: ',
};

/** `rbl_reply_maps` may say it in other words, which are a refusal like others then. */
const blocked = [
  'Service unavailable; *',
  '5.7.1 Service unavailable; *',
  '4.7.1 Service unavailable; *',
].join('|');

/** Refused mails, and clients that do not talk SMTP as one does: log_whatsup() in smtpd_check.c, smtpd.c. */
const normal: readonly PatternEntry[] = [
  {
    id: 'rejected',
    versions: '2.0-',
    template: `NOQUEUE: {verb}: {command:word} from {peer}: {permanent} {reason:text except ${blocked}}`,
  },
  {
    // A transaction that has a file in the queue: its first recipient was accepted.
    id: 'rejected-in-queue',
    versions: '2.0-',
    template: `{queue:word except NOQUEUE:}: {verb}: {command:word} from {peer}: {permanent} {reason:text except ${blocked}}`,
  },
  {
    // For now, but for reasons that an honest client gives nobody. Greylisting is none of them.
    id: 'rejected-for-now',
    versions: '2.0-',
    template:
      'NOQUEUE: {verb}: {command:word} from {peer}: {temporary} {enhanced}{said}(Relay access denied|Helo command rejected: |Sender address rejected: (Domain not found|Malformed DNS server reply|undeliverable address)|Recipient address rejected: (User unknown|undeliverable address)){rest}',
  },
  {
    // Refused by postscreen for what it found; one that is only new to it gets a 450.
    id: 'screened-rejected',
    versions: '2.8-',
    template:
      'NOQUEUE: reject: {command:word} from {screened}: (521|550) {enhanced}(Protocol error|Service currently unavailable){rest}',
  },
  {
    id: 'nameless-client',
    versions: '2.0-',
    template:
      'NOQUEUE: {verb}: {command:word} from {peer}: {temporary} {enhanced}Client host rejected: cannot find your [reverse ]hostname{rest}',
  },
  {
    id: 'pipelining',
    versions: '2.0-',
    template: 'improper command pipelining after {command:word} from {peer}[:{rest}]',
  },
  {
    id: 'no-smtp',
    versions: '2.0-',
    template: 'warning: non-SMTP command from {peer}: {rest}',
  },
];

/** A client that made more mistakes than `smtpd_hard_error_limit`. */
const errors: readonly PatternEntry[] = [
  {
    id: 'too-many-errors',
    versions: '2.0-',
    template: 'too many errors after {command:text without " from "} from {peer}',
  },
];

/** Clients on a block list: reject_rbl_client and its like, postscreen_dnsbl_sites. */
const rbl: readonly PatternEntry[] = [
  {
    id: 'block-listed',
    versions: '2.0-',
    template:
      'NOQUEUE: {verb}: {command:word} from {peer}: {code:number} {enhanced}Service unavailable; {rest}',
  },
  {
    id: 'screened-block-listed',
    versions: '2.8-',
    template:
      'NOQUEUE: reject: {command:word} from {screened}: {code:number} {enhanced}Service unavailable; client {rest}',
  },
  {
    id: 'screened-rank',
    versions: '2.8-',
    template: 'DNSBL rank {number} for {screened}',
  },
];

/** Refused logins: smtpd_sasl_glue.c. What the client sent stands behind the colon. */
const auth: readonly PatternEntry[] = [
  {
    id: 'login-failed',
    versions: '2.2- (sasl_username since 3.5)',
    template:
      'warning: {peer}: SASL {mechanism:word} authentication failed[:[ {reason:text except Connection lost to authentication server*|Invalid authentication mechanism*}[, sasl_username={user:text}]]]',
  },
];

/** Connections for nothing, and too many of them: smtpd.c, anvil(8), postscreen(8). */
const ddos: readonly PatternEntry[] = [
  {
    id: 'lost-connection',
    versions: '2.0-',
    template:
      'lost connection after {command:word except AUTH|BDAT|DATA|END-OF-MESSAGE|XCLIENT|XFORWARD} from {peer}',
  },
  {
    id: 'lost-connection-queue',
    versions: '3.10-',
    template:
      'NOQUEUE: lost connection after {command:word except AUTH|BDAT|DATA|END-OF-MESSAGE|XCLIENT|XFORWARD} from {peer}',
  },
  {
    // Nothing but failed logins: `auth=0/3`.
    id: 'left-without-login',
    versions: '3.0-',
    template: 'disconnect from {peer}[ {before:text}] auth=0/{tries:number}[ {after:text}]',
  },
  {
    id: 'tls-failed',
    versions: '2.2-',
    template: 'SSL_accept error from {peer}: {rest}',
  },
  {
    id: 'rate-limit',
    versions: '2.1-',
    template:
      'warning: (Connection (rate|concurrency)|Message delivery request rate|Recipient address rate|New TLS session rate|AUTH command rate) limit exceeded: {number} from {peer} for service {service:word}',
  },
  {
    id: 'pregreet',
    versions: '2.8-',
    template: 'PREGREET {number} after {seconds:word} from {screened}: {rest}',
  },
  {
    id: 'hangup',
    versions: '2.8-',
    template: 'HANGUP after {seconds:word} from {screened} in {rest}',
  },
  {
    id: 'limit',
    versions: '2.8-',
    template: 'COMMAND (TIME|COUNT|LENGTH) LIMIT from {screened} after {command:word}',
  },
  {
    id: 'screened-command',
    versions: '2.8-',
    template:
      '(NON-SMTP COMMAND|COMMAND PIPELINING|BARE NEWLINE) from {screened} after {command:word}[: {rest}]',
  },
];

/** What honest but badly kept machines do as well. */
const aggressive: readonly PatternEntry[] = [
  {
    id: 'no-such-mechanism',
    versions: '2.2-',
    template:
      'warning: {peer}: SASL {mechanism:word} authentication failed: Invalid authentication mechanism{rest}',
  },
  {
    id: 'name-does-not-resolve',
    versions: '2.3-',
    template: 'warning: hostname {name:host} does not resolve to address {address}[: {rest}]',
  },
  {
    id: 'bad-address',
    versions: '2.0-',
    template: 'warning: Illegal address syntax from {peer} in {command:word} command: {rest}',
  },
];

/** Every message that is recognised. The versions are those of Postfix; `2.0` stands for it or earlier. */
export const patterns: PatternTable = {
  parts,
  patterns: [
    ...normal.map(inMode('normal')),
    ...errors.map(inMode('errors')),
    ...rbl.map(inMode('rbl')),
    ...auth.map(inMode('auth')),
    ...ddos.map(inMode('ddos')),
    ...aggressive.map(inMode('aggressive')),
  ],
};
