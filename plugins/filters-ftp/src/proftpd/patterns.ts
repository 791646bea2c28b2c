import type { PatternTable } from '@remand/patterns';

/** Every message that is recognised: mod_auth.c, mod_core.c, main.c, mod_sftp. The versions are those of ProFTPD. */
export const patterns: PatternTable = {
  parts: {
    /**
     * `pr_log_pri()` names the server, then the client: its name in the DNS, which the client may have
     * chosen and which holds no bracket, and its address.
     */
    who: '[{log:host} proftpd\\[{pid:number}\\][:] ][{server:host} ]\\({client:host}\\[{address}\\]\\)[:] [- ]',
  },
  patterns: [
    {
      id: 'no-such-user',
      versions: '1.2-',
      template:
        '{who}USER {user:text}: no such user found from {name:host} \\[{other:address}\\] to {server:host}:{port}',
    },
    {
      id: 'login-failed',
      versions: '1.2-',
      template: '{who}USER {user:text} \\(Login failed\\): {reason:text}',
    },
    {
      id: 'too-many-logins',
      versions: '1.2-',
      template: '{who}Maximum login attempts \\({number}\\) exceeded[, connection refused]{rest}',
    },
    {
      id: 'root-refused',
      versions: '1.2-',
      template: '{who}SECURITY VIOLATION: (root|Root) login attempted[.]',
    },
  ],
};
