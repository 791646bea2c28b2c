import type { PatternTable } from '@remand/patterns';

/** Every message that is recognised: svr-authpasswd.c, svr-authpam.c, svr-auth.c. */
export const patterns: PatternTable = {
  parts: {
    /** `addrstring`: also a v6 address has its port behind a colon alone. */
    peer: '{address}:{port}',
  },
  patterns: [
    {
      id: 'wrong-password',
      versions: '0.48-',
      template: "(Bad|bad) password attempt for '{user:text}' from {peer}",
    },
    {
      id: 'pam-failed',
      versions: '0.48-, with PAM',
      template:
        "[PAM password auth failed for |pam_authenticate\\(\\) failed, rc={code:number}, {why:text without \"'\"} for ]'{user:text}' from {peer}",
    },
    {
      id: 'unknown-user',
      versions: '0.48-',
      template: "(Login|login) attempt for nonexistent user[ '{user:text}'] from {peer}",
    },
    {
      id: 'wrong-user',
      versions: '0.48-',
      template: 'Login attempt with wrong user {user:text} from {peer}',
    },
    {
      // Since 2020 the address stands in front.
      id: 'too-many-attempts',
      versions: '2019.77-',
      template:
        "(Exit|exit) before auth from <{peer}>: \\(user '{user:text}', {fails:number} fails\\): Max auth tries reached - user {rest}",
    },
    {
      id: 'too-many-attempts-from',
      versions: '0.48-2019.76',
      template:
        "(Exit|exit) before auth \\(user '{user:text without \"'\"}', {fails:number} fails\\): Max auth tries reached - user '{again:text without \"'\"}' from {peer}",
    },
  ],
};
