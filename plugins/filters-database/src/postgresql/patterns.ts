import type { PatternTable } from '@remand/patterns';

/** Every message that is recognised: auth.c, hba.c, postmaster.c. */
export const patterns: PatternTable = {
  parts: {
    /**
     * `log_line_prefix` as far as it may stand before the address or the message: the zone of `%m` or
     * `%t`, then `[%p]` or `[%p]:`, and `%u@%d`, which are the client's text and hold no space here.
     */
    head: '[{zone:host} ]\\[{pid:number}\\][:] ',
    process: '[{zone:host} ]\\[{conversation:number}\\][:] ',
    login: '[{login:word except FATAL:*|LOG:*} ]',
    refused:
      '(password|Ident|Peer|LDAP|PAM|RADIUS|GSSAPI|certificate|BSD|SCRAM) authentication failed for user ',
  },
  patterns: [
    {
      // `%h` or `%r` in front of everything that the client says.
      id: 'login-failed',
      versions: '8.0-, with %h or %r in log_line_prefix',
      template:
        '{head}{address}[\\({port}\\)][:] {login}FATAL:{space}[{state:host}: ]{refused}"{user:text}"',
    },
    {
      id: 'no-role',
      versions: '8.1-, with %h or %r in log_line_prefix',
      template:
        '{head}{address}[\\({port}\\)][:] {login}FATAL:{space}[{state:host}: ]role "{user:text}" does not exist',
    },
    {
      id: 'no-entry',
      versions: '8.0-',
      template:
        '{head}{login}FATAL:{space}[{state:host}: ](no pg_hba.conf entry|pg_hba.conf rejects connection) for host "{address}", {rest}',
    },
    {
      id: 'connection',
      versions: '8.0-, with log_connections',
      tells: 'address',
      template: '{process}{login}LOG:{space}connection received: host={address} port={port}',
    },
    {
      id: 'login-failed-of-process',
      versions: '8.0-',
      tells: 'offence',
      template: '{process}{login}FATAL:{space}{refused}"{user:text}"',
    },
  ],
};
