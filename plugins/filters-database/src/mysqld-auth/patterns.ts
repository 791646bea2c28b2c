import type { PatternTable } from '@remand/patterns';

/** Every message that is recognised: sql_acl.cc, sql_authentication.cc (ER_ACCESS_DENIED_ERROR). */
export const patterns: PatternTable = {
  parts: {
    /** Behind the tag of syslog, MySQL's own date. */
    date: '[({day:number}|{year:number}-{month:number}-{day:number}){space}{hour:number}:{minute:number}:{second:number} ]',
    /** The thread, the level, and since MySQL 8 the number of the error. */
    head: '{date}[{thread:word except Access|Aborted|Host} ][\\[(Warning|Note|ERROR|Error)\\] ][\\[MY-{code:number}\\] \\[Server\\] ]',
  },
  patterns: [
    {
      // The account is the client's text; the line is read from its end.
      id: 'access-denied',
      versions: 'MySQL 3.23-, MariaDB',
      mode: 'normal',
      template:
        "{head}Access denied for user '{user:text}'@'{address}'[ \\(using password: (YES|NO)\\)]",
    },
    {
      id: 'host-blocked',
      versions: 'MySQL 5.0-, MariaDB',
      mode: 'normal',
      template: "{head}Host '{address}' is blocked because of many connection errors{rest}",
    },
    {
      id: 'left-without-login',
      versions: 'MariaDB 10.4-',
      mode: 'aggressive',
      template:
        "{head}Aborted connection {number} to db: 'unconnected' user: 'unauthenticated' host: '{address}' {rest}",
    },
  ],
};
