import type { PatternEntry, PatternTable } from '@remand/patterns';

const inMode =
  (mode: string) =>
  (entry: PatternEntry): PatternEntry => ({ ...entry, mode });

const parts: Readonly<Record<string, string>> = {
  /**
   * What may stand before a message, behind the date that the kernel takes off: the tag of syslog in
   * a file with another date, Exim's own date in syslog, and the process with `log_selector = +pid`.
   */
  head: '[{facility:host} exim[4]\\[{pid:number}\\]: ][{year:number}-{month:number}-{day:number} {hour:number}:{minute:number}:{second:number} ][\\[{pid:number}\\] ]',
  /** Of a message that is being received. */
  id: '[{id:host} ]',
  /**
   * host_and_ident() in host.c: the verified name, what the client said in its HELO, the address. By
   * default a HELO is the name of a host or an address in brackets. `helo_accept_junk_hosts` lets in
   * anything, also what looks like the rest of the line: so nothing behind the address may look like a
   * second one, or like the same message again.
   */
  peer: '[{name:host} ][\\({helo:text without ")"}\\) ]\\[{address}\\][:{port}]',
  /** The same where text of the client's stands before it: a HELO as Exim has it by default. */
  'strict-peer':
    '[{name:host} ][\\(({helo:host}|\\[{literal:address}\\])\\) ]\\[{address}\\][:{port}]',
  /** The interface, and the number of the connection; nothing of this is the client's. */
  local: '[ I=\\[{local:address}\\][:{port}]][ Ci={connection:number}]',
};

/** Refused logins and recipients: smtp_in.c, acl.c. */
const normal: readonly PatternEntry[] = [
  {
    id: 'login-failed',
    versions: '4.0-',
    template:
      '{head}{mechanism:host} authenticator failed for {peer}{local}[ U={ident:word}]: 535 Incorrect authentication data[ \\(set_id={user:text without ")"}\\)]{end:text without "["}',
  },
  {
    // For now (`temporarily rejected`) and of a client that is logged in (`A=`) it says other words.
    id: 'rejected-recipient',
    versions: '4.0-',
    template:
      '{head}H={peer}{local}{more:text without "<" or "["}<{sender:text without ">"}> rejected RCPT {end:text without " rejected RCPT "}',
  },
  {
    id: 'rejected-plain-sender',
    versions: '4.0-4.80',
    template:
      '{head}H={peer}{local} F={sender:word without "<"} rejected RCPT {end:text without " rejected RCPT "}',
  },
  {
    id: 'sender-verify-failed',
    versions: '4.0-',
    template:
      '{head}H={peer}{local}{more:text without "<" or "["} sender verify fail for <{end:text without " sender verify fail "}',
  },
  {
    // Where the client spoke before the greeting; what it sent stands at the end.
    id: 'spoke-too-soon',
    versions: '4.0-',
    template:
      '{head}SMTP protocol synchronization error \\(input sent without waiting for greeting\\): rejected connection from H={strict-peer}{local} input={rest}',
  },
];

/** Clients that do not talk SMTP as one does. */
const more: readonly PatternEntry[] = [
  {
    // The command is the client's, so that this is read from its end.
    id: 'login-not-offered',
    versions: '4.0-',
    template:
      '{head}SMTP protocol error in "{command:text}" H={strict-peer}{local} (AUTH command used when not advertised|{mechanism:word} authentication mechanism not supported)',
  },
  {
    id: 'dropped',
    versions: '4.0-',
    template:
      '{head}SMTP call from {peer}{local} dropped: too many (nonmail commands|syntax or protocol errors|unrecognized commands){end:text without " dropped: "}',
  },
  {
    id: 'no-mail',
    versions: '4.0-',
    template: '{head}no MAIL in SMTP connection from {peer}{local}{end:text without ")"}',
  },
  {
    id: 'dropped-by-acl',
    versions: '4.0-',
    template: '{head}{id}SMTP connection from {peer}{local} closed by DROP in ACL',
  },
  {
    id: 'bad-helo',
    versions: '4.0-',
    template:
      '{head}rejected (HELO|EHLO) from {strict-peer}{local}: syntactically invalid argument\\(s\\): {rest}',
  },
];

/** What honest but badly kept machines do as well. */
const aggressive: readonly PatternEntry[] = [
  {
    id: 'no-host-name',
    versions: '4.0-',
    template: '{head}no host name found for IP address {address}',
  },
  {
    id: 'name-without-address',
    versions: '4.0-',
    template:
      '{head}no IP address found for host {host:host} \\(during SMTP connection from {peer}{local}\\)',
  },
  {
    id: 'refused-by-acl',
    versions: '4.0-',
    template:
      '{head}H={peer}{local} dropped by \'{acl:host}\' ACL{end:text without " dropped by "}',
  },
  {
    id: 'tls-error',
    versions: '4.0-',
    template: '{head}TLS error on connection from {strict-peer}{local} \\({rest}',
  },
];

/** Every message that is recognised, in mainlog or rejectlog. The versions are those of Exim. */
export const patterns: PatternTable = {
  parts,
  patterns: [
    ...normal.map(inMode('normal')),
    ...more.map(inMode('more')),
    ...aggressive.map(inMode('aggressive')),
  ],
};
